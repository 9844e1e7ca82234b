"""Storage over time, day by day: what a bucket holds, in which class, and what moving it costs.

In: cohorts (objects that arrived on one day, or evenly over the days of a month) and a bucket as the scenario states it.
Out: quantities as exact fractions. Days are counted from the first day of the first month; an object that arrives on a day
is stored on that day already, and has the age `a` on the day `a` days later.
"""

import functools
from fractions import Fraction

CLASSES = [
    "STANDARD", "STANDARD_IA", "INTELLIGENT_TIERING", "ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE",
]
MAY_MOVE = {
    "STANDARD": CLASSES[1:],
    "STANDARD_IA": CLASSES[2:],
    "INTELLIGENT_TIERING": CLASSES[3:],
    "ONEZONE_IA": ["GLACIER", "DEEP_ARCHIVE"],
    "GLACIER_IR": ["GLACIER", "DEEP_ARCHIVE"],
    "GLACIER": ["DEEP_ARCHIVE"],
    "DEEP_ARCHIVE": [],
}
MINIMUM_DAYS = {
    "STANDARD": 0, "STANDARD_IA": 30, "INTELLIGENT_TIERING": 0, "ONEZONE_IA": 30, "GLACIER_IR": 90, "GLACIER": 90,
    "DEEP_ARCHIVE": 180,
}
SHORT = {"STANDARD_IA": "SIA", "ONEZONE_IA": "ZIA", "GLACIER_IR": "GIR"}
STORED_AS = {
    "STANDARD": "TimedStorage-ByteHrs",
    "STANDARD_IA": "TimedStorage-SIA-ByteHrs",
    "ONEZONE_IA": "TimedStorage-ZIA-ByteHrs",
    "GLACIER_IR": "TimedStorage-GIR-ByteHrs",
    "GLACIER": "TimedStorage-GlacierByteHrs",
    "DEEP_ARCHIVE": "TimedStorage-GDA-ByteHrs",
}
MOVED_AS = {
    "STANDARD_IA": "Requests-Tier4",
    "ONEZONE_IA": "Requests-Tier4",
    "INTELLIGENT_TIERING": "Requests-Tier4",
    "GLACIER_IR": "x_Requests-Tier4-GIR",
    "GLACIER": "Requests-Tier3",
    "DEEP_ARCHIVE": "x_Requests-Tier3-GDA",
}
SMALL_KB, ARCHIVE_KB, NAME_KB = 128, 32, 8
FOR_EVER = 10**9


def half_even(value):
    """Rounds a fraction to a whole number, halves to the even one."""
    return round(Fraction(value))


@functools.cache
def days_of_age(first, days, month_first, month_days):
    """Counts the pairs (day of arrival, day of the month) by the age that they make."""
    ages = {}
    for arrival in range(first, first + days):
        for day in range(max(arrival, month_first), month_first + month_days):
            ages[day - arrival] = ages.get(day - arrival, 0) + 1
    return ages


class Stage:
    """A class that objects are in from one age up to another."""

    def __init__(self, name, entered, since):
        self.name = name
        self.entered = entered  # the age at which they came into the class
        self.since = since  # the age from which on they are billed here
        self.until = FOR_EVER
        self.moved_here = False


class Cohort:
    """Objects that arrived together: evenly over `days` days from `first` on."""

    def __init__(
        self, objects, size_bytes, first, days, kind, encrypted=False, storage_class="STANDARD", age=0, copied=False
    ):
        self.objects, self.bytes = objects, size_bytes
        self.first, self.days = first, days
        self.kind, self.encrypted = kind, encrypted
        self.storage_class, self.age, self.copied = storage_class, age, copied
        self.mean = Fraction(size_bytes, objects)

    def reached(self, age, last_day):
        """Returns on how many of the cohort's days the objects arrived that have this age on a day."""
        return min(max(last_day - age - self.first + 1, 0), self.days)

    def whole(self, amount, reached):
        """Returns the whole objects or bytes of so many of the cohort's days."""
        return half_even(Fraction(amount * reached, self.days))


class Bucket:
    """A bucket as the scenario states it."""

    def __init__(self, stated, days, size, kb):
        """`days` reads an age such as `90d`, `size` a number of bytes; `kb` are the bytes of a KB."""
        self.stated, self.kb = stated, kb
        self.name = stated["name"]
        self.steps = []
        for step in stated.get("lifecycle", []):
            self.steps.append(
                (days(step["after"]), step.get("to"), size(step.get("larger_than")), size(step.get("smaller_than")))
            )
        self.steps.sort(key=lambda step: step[0])
        versioning = stated.get("versioning", False)
        self.noncurrent = None  # without versions nothing is left
        if versioning is True:
            self.noncurrent = FOR_EVER
        elif versioning:
            self.noncurrent = days(versioning["noncurrent_expire"])
        self.lock = days(stated["object_lock"]) if "object_lock" in stated else 0
        tiers = stated.get("intelligent_tiering", {})
        self.archive = days(tiers["archive_access"]) if "archive_access" in tiers else FOR_EVER
        self.deep = days(tiers["deep_archive_access"]) if "deep_archive_access" in tiers else FOR_EVER

    def small(self, cohort):
        return cohort.mean < SMALL_KB * self.kb

    def takes(self, cohort, step):
        """Tells whether objects of this size take a step."""
        _, target, larger, smaller = step
        if larger is not None and not cohort.mean > larger:
            return False
        if smaller is not None and not cohort.mean < smaller:
            return False
        if target is None or larger is not None or smaller is not None or not self.small(cohort):
            return True
        varies = self.stated.get("transition_minimum") == "varies_by_storage_class"
        return varies and target in ("GLACIER", "DEEP_ARCHIVE")

    def life(self, cohort):
        """Returns the stages of a cohort's objects, and the age at which they are gone."""
        steps = [step for step in self.steps if self.takes(cohort, step)]
        stages = [Stage(cohort.storage_class, 0, cohort.age)]
        passed = [step for step in steps if step[0] <= cohort.age] if cohort.kind == "held" else []
        for age, target, *_ in passed:
            # Somebody who states the class that a step leads to means that the step was taken then.
            if target == cohort.storage_class:
                stages[0].entered = age
        ended = any(target is None for _, target, *_ in passed)
        moves = [target for _, target, *_ in passed if target]
        # What is deleted for good is not moved before; what only gets a delete marker is.
        if moves and moves[-1] in MAY_MOVE[cohort.storage_class] and not (ended and self.noncurrent is None):
            stages[0].until = cohort.age
            stages.append(Stage(moves[-1], cohort.age, cohort.age))
            stages[-1].moved_here = True
        if ended:
            return self.end(stages, cohort.age)
        for age, target, *_ in steps[len(passed) :]:
            if target is None:
                return self.end(stages, age)
            if target in MAY_MOVE[stages[-1].name]:
                stages[-1].until = age
                stages.append(Stage(target, age, age))
                stages[-1].moved_here = True
        return stages, FOR_EVER

    def end(self, stages, age):
        """Ends the last stage: at once, or with versions after their days and not before a lock's end."""
        gone = age if self.noncurrent is None else max(age + self.noncurrent, self.lock)
        stages[-1].until = gone
        return stages, gone

    def together(self, cohorts):
        """Returns cohorts of which those of one kind and month that go the same way are one.

        Whole objects are then rounded once, and not for every account and Region: of a thousand piles of ten files each,
        a day of January has 323, not none.
        """
        alike = {}
        for cohort in cohorts:
            stages, gone = self.life(cohort)
            way = [(stage.name, stage.entered, stage.since, stage.until, stage.moved_here) for stage in stages]
            own = (cohort.kind, cohort.copied, cohort.encrypted, cohort.first, cohort.storage_class, self.small(cohort))
            key = id(cohort) if cohort.kind == "held" else (*own, gone, *way)
            alike.setdefault(key, []).append(cohort)
        return [one[0] if len(one) == 1 else self.added(one) for one in alike.values()]

    def added(self, cohorts):
        own = cohorts[0]
        objects, size = sum(one.objects for one in cohorts), sum(one.bytes for one in cohorts)
        return Cohort(
            objects, size, own.first, own.days, own.kind, own.encrypted, own.storage_class, copied=own.copied
        )

    def billed(self, cohort, stage, age):
        """Returns (usage type, bytes) of every object that is in a class at an age."""
        size, kb, name = cohort.mean, self.kb, stage.name
        standard = STORED_AS["STANDARD"]
        if name == "INTELLIGENT_TIERING":
            within = age - stage.entered
            tier = "FA"
            if not self.small(cohort):
                tier = "IA" if within >= 30 else tier
                tier = "AIA" if within >= 90 else tier
                tier = "AA" if within >= self.archive else tier
                tier = "DAA" if within >= self.deep else tier
            own = f"TimedStorage-INT-{tier}-ByteHrs"
            if tier in ("AA", "DAA"):
                return [(own, size + ARCHIVE_KB * kb), (standard, Fraction(NAME_KB * kb))]
            return [(own, size)]
        if name in ("GLACIER", "DEEP_ARCHIVE"):
            return [(STORED_AS[name], size + ARCHIVE_KB * kb), (standard, Fraction(NAME_KB * kb))]
        if name in SHORT and self.small(cohort):
            return [(f"TimedStorage-{SHORT[name]}-SmObjects", Fraction(SMALL_KB * kb))]
        return [(STORED_AS[name], size)]

    def left_early(self, cohort, stage):
        """Returns (usage type, bytes of an object, days) that are charged for leaving a class, or nothing."""
        left = MINIMUM_DAYS[stage.name] - (stage.until - stage.entered)
        if left <= 0:
            return None
        size, kb, name = cohort.mean, self.kb, stage.name
        if name in SHORT:
            if self.small(cohort):
                return f"EarlyDelete-{SHORT[name]}-SmObjects", Fraction(SMALL_KB * kb), left
            return f"EarlyDelete-{SHORT[name]}", size, left
        usage_type = {"GLACIER": "EarlyDelete-ByteHrs", "DEEP_ARCHIVE": "EarlyDelete-GDA"}[name]
        return usage_type, size + ARCHIVE_KB * kb, left

    def month(self, cohort, month_first, month_days):
        """Returns what a cohort is billed in a month: byte-days, object-days and transitions, by usage type."""
        byte_days, monitored, moved = {}, Fraction(0), {}
        stages, gone = self.life(cohort)
        each = Fraction(cohort.objects, cohort.days)  # objects that arrived on each of the cohort's days
        own_days = days_of_age(cohort.first, cohort.days, month_first, month_days)
        for age, pairs in own_days.items():
            for stage in stages:
                if not stage.since <= age < min(stage.until, gone):
                    continue
                for usage_type, size in self.billed(cohort, stage, age):
                    byte_days[usage_type] = byte_days.get(usage_type, 0) + each * size * pairs
                if stage.name == "INTELLIGENT_TIERING" and not self.small(cohort):
                    monitored += each * pairs
        last = month_first + month_days - 1
        for stage in stages:
            if stage.moved_here:
                number = cohort.whole(cohort.objects, cohort.reached(stage.since, last)) - cohort.whole(
                    cohort.objects, cohort.reached(stage.since, month_first - 1)
                )
                usage_type = MOVED_AS[stage.name]
                moved[usage_type] = moved.get(usage_type, 0) + number
            early = self.left_early(cohort, stage)
            if stage.until < FOR_EVER and early:
                usage_type, size, left = early
                for arrival in range(cohort.first, cohort.first + cohort.days):
                    if month_first <= arrival + stage.until <= last:
                        byte_days[usage_type] = byte_days.get(usage_type, 0) + each * size * left
        return byte_days, monitored, moved

    def within(self, cohort, begin, end, last_day):
        """Returns [(class, objects, bytes)] of a cohort whose age on a day is at least `begin` and below `end`."""
        found = []
        stages, gone = self.life(cohort)
        for stage in stages:
            low, high = max(stage.since, begin), min(stage.until, gone, end)
            if low >= high:
                continue
            older, younger = cohort.reached(low, last_day), cohort.reached(high, last_day)
            objects = cohort.whole(cohort.objects, older) - cohort.whole(cohort.objects, younger)
            size = cohort.whole(cohort.bytes, older) - cohort.whole(cohort.bytes, younger)
            if objects or size:
                found.append((stage.name, objects, size))
        return found
