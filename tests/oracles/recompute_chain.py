"""What the delivered logs cost: events to files, files to storage, readers, keys, log groups, alarms and messages.

In: a scenario with trails and `[[bucket]]`, `[[reader]]`, `[[log_group]]`, `[[alarm]]`, `[[topic]]`, `[[event_bus]]` or
`[[event_rule]]`. Out: every quantity that is billed, by month and what it is for. All numbers are exact fractions until each
quantity is rounded once. It shares no code with the program.
"""

import calendar
import re
import tomllib
from fractions import Fraction
from pathlib import Path

from recompute_storage import FOR_EVER, Bucket, Cohort, days_of_age, half_even

DEFAULTS = Path(__file__).resolve().parent.parent.parent / "scenarios" / "defaults.toml"
GB = 2**30
MB = 2**20
CHUNK = 64 * 2**10
TABLES = ("bucket", "reader", "log_group", "alarm", "topic", "event_bus", "event_rule")
SUFFIXES = {
    "": 1, "k": 10**3, "M": 10**6, "bn": 10**9,
    "bytes": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40, "PiB": 2**50,
}
STORAGE = ("TimedStorage-", "EarlyDelete-", "Monitoring-")
READ_AS = {
    "STANDARD": "Requests-Tier2",
    "STANDARD_IA": "Requests-SIA-Tier2",
    "ONEZONE_IA": "Requests-ZIA-Tier2",
    "INTELLIGENT_TIERING": "Requests-INT-Tier2",
    "GLACIER_IR": "Requests-GIR-Tier2",
    "GLACIER": "Requests-GLACIER-Tier2",
    "DEEP_ARCHIVE": "Requests-GDA-Tier2",
}
RETRIEVED_AS = {"STANDARD_IA": "Retrieval-SIA", "ONEZONE_IA": "Retrieval-ZIA", "GLACIER_IR": "Retrieval-GIR"}
# Of each archive class and restore option: the requests and the bytes.
RESTORED_AS = {
    ("GLACIER", "standard"): ("x_Requests-Tier3-Restore", "Standard-Retrieval-Bytes"),
    ("GLACIER", "bulk"): ("Requests-Tier5", "Bulk-Retrieval-Bytes"),
    ("GLACIER", "expedited"): ("Requests-Tier6", "Expedited-Retrieval-Bytes"),
    ("DEEP_ARCHIVE", "standard"): ("Requests-GDA-Tier3", "x_Standard-Retrieval-Bytes-GDA"),
    ("DEEP_ARCHIVE", "bulk"): ("Requests-GDA-Tier5", "x_Bulk-Retrieval-Bytes-GDA"),
}
PUT_AS = {own: name.replace("Tier2", "Tier1") for own, name in READ_AS.items()}
ALARM_AS = {
    "standard": "CW:AlarmMonitorUsage",
    "high_resolution": "CW:HighResAlarmMonitorUsage",
    "composite": "CW:CompositeAlarmMonitorUsage",
}
MANAGEMENT = {
    "read": ("read", "other"), "write": ("write", "other"),
    "kms_read": ("read", "kms"), "kms_write": ("write", "kms"),
    "rdsdata_read": ("read", "rdsdata"), "rdsdata_write": ("write", "rdsdata"),
    "events": ("any", "any"),
}
DATA_COMPONENT = {"AWS::S3::Object": "data_events_s3", "AWS::Lambda::Function": "data_events_lambda"}


def number(value):
    """Reads a quantity as scenarios write it."""
    if value is None:
        return None
    found = re.fullmatch(r"([0-9][0-9_.]*)\s*([A-Za-z]*)", str(value))
    return Fraction(found[1].replace("_", "")) * SUFFIXES[found[2]]


def share(text):
    return Fraction(text.removesuffix("%")) / 100


def days(text):
    return int(text[:-1]) * {"d": 1, "y": 365}[text[-1]]


def twelve_digits(value):
    """Rounds a quantity of which several are added up: each is billed to twelve digits after the point."""
    return Fraction(half_even(value * 10**12), 10**12)


def chunks(size):
    return -(-int(size) // CHUNK)


def is_chain(file):
    """Tells whether a scenario says what the logs then touch."""
    delivers = ("bucket", "log_group", "sns_topic")
    return any(file.get(table) for table in TABLES) or any(
        name in trail for trail in file.get("trail", []) for name in delivers
    )


class Trail:
    """A trail as stated, and what it selects."""

    def __init__(self, stated, only_account):
        self.stated, self.name = stated, stated["name"]
        self.organization = stated.get("scope") == "organization"
        self.everywhere = self.organization or stated.get("account") == "*"
        self.account = stated.get("account", only_account)
        self.multi_region = stated.get("multi_region", True)
        self.home = stated.get("home_region", "us-east-1")
        self.kms = stated.get("kms", False)
        for key in ("selector", "aggregation", "shadow_of"):
            if key in stated:
                raise ValueError(f"trail {self.name}: `{key}` is not worked out here")

    def order(self):
        return (not self.organization, not self.multi_region, self.name)

    def covers(self, account, region):
        return (self.everywhere or self.account == account) and (self.multi_region or self.home == region)

    def selects(self, category, own):
        if category == "management":
            access, source = own
            setting = self.stated.get("management", "all")
            if own == MANAGEMENT["events"] and (setting != "all" or "exclude" in self.stated or "insights" in self.stated):
                raise ValueError(f"trail {self.name}: which of all management events it takes is not worked out here")
            return setting in ("all", access) and source not in self.stated.get("exclude", [])
        if category == "data":
            access, resource_type = own
            for selector in self.stated.get("data", []):
                if selector["resource_type"] == resource_type:
                    if "resources" in selector or access == "events":
                        raise ValueError(f"trail {self.name}: selectors by resource are not worked out here")
                    if selector.get("access", "all") in ("all", access):
                        return True
            return False
        return own in self.stated.get("network_activity", [])


class Chain:
    """A scenario, worked out month by month."""

    def __init__(self, scenario):
        self.scenario, self.file = scenario, scenario.file
        self.months = scenario.months
        for table in ("event_data_store", "direct_delivery", "volumes"):
            if table in self.file:
                raise ValueError(f"`{table}` beside buckets is not worked out here")
        figures = tomllib.loads(DEFAULTS.read_text(encoding="utf-8"))
        own = self.file.get("assumptions", {})
        self.figure = lambda name: number(own.get(name, figures[name]["value"]))
        self.kb = int(self.figure("s3_bytes_per_kb"))
        self.s3_gb = self.figure("s3_bytes_per_gb")
        self.first, self.length = {}, {}
        day = 0
        for month in self.months:
            year, at = map(int, month.split("-"))
            self.first[month], self.length[month] = day, calendar.monthrange(year, at)[1]
            day += self.length[month]
        accounts = self.file.get("account", [])
        self.accounts = {account["id"]: account for account in accounts}
        self.only_account = accounts[0]["id"] if len(accounts) == 1 else None
        self.trails = sorted(
            (Trail(own, self.only_account) for own in self.file.get("trail", []) if own.get("logging", True)),
            key=Trail.order,
        )
        if len({trail.name for trail in self.trails}) < len(self.trails):
            raise ValueError("two trails of one name are not worked out here")
        self.buckets = self.named("bucket", "bucket")
        self.log_groups = self.named("log_group", "log_group")
        self.topics = self.named("topic", "sns_topic")
        self.shelves = {
            name: Bucket(stated, days, number, self.kb) for name, stated in self.buckets.items()
        }

    def named(self, table, key):
        """Returns the things of a table with their place; those that only a trail names have its account and Region."""
        things = {own["name"]: dict(own) for own in self.file.get(table, [])}
        for trail in self.trails:
            if key in trail.stated:
                own = things.setdefault(trail.stated[key], {"name": trail.stated[key]})
                own.setdefault("account", trail.account)
                own.setdefault("region", trail.home)
        for own in things.values():
            own["account"] = own.get("account") or self.only_account
            own["region"] = own.get("region") or self.trails[0].home
        return things

    def grown(self, value, month, category="other"):
        """Returns a stated count in a month, in whole ones."""
        stated = value if isinstance(value, Fraction) else number(value)
        return half_even(stated * Fraction(self.scenario.factor(category, month)))

    # --- events --------------------------------------------------------------------------------------------------

    def events(self, month, key_calls):
        """Yields (account, region, category, class, number) of everything that happens in a month."""
        calls = dict(key_calls)
        for account in self.accounts.values():
            for activity in account.get("activity", []):
                place = account["id"], activity["region"]
                management = activity.get("management", {})
                if "kms_read" in management or "events" in management:
                    calls.pop(place, None)
                for name, value in management.items():
                    yield *place, "management", MANAGEMENT[name], self.grown(value, month, "management_events")
                for own in activity.get("data", []):
                    for access in ("read", "write", "events"):
                        if access in own:
                            number_of = self.grown(own[access], month, "data_events")
                            yield *place, "data", (access, own["resource_type"]), number_of
                for own in activity.get("network_activity", []):
                    number_of = self.grown(own["events"], month, "network_activity_events")
                    yield *place, "network_activity", own["event_source"], number_of
        for place, number_of in calls.items():
            yield *place, "management", ("read", "kms"), number_of

    def delivered(self, month, key_calls):
        """Returns what each trail delivers: {trail: {(account, region): (management and data, network activity)}}."""
        found = {trail.name: {} for trail in self.trails}
        for account, region, category, own, number_of in self.events(month, key_calls):
            for trail in self.trails:
                if trail.covers(account, region) and trail.selects(category, own):
                    both = found[trail.name].setdefault((account, region), [0, 0])
                    both[category == "network_activity"] += number_of
        return found

    def bill_events(self, month, key_calls):
        """Bills copies, data events, network activity and Insights."""
        for account, region, category, own, number_of in self.events(month, key_calls):
            takers = [trail for trail in self.trails if trail.covers(account, region) and trail.selects(category, own)]
            for position, trail in enumerate(takers):
                bill = lambda usage_type, component: self.add(
                    (month, account, region, "AWSCloudTrail", usage_type, component, trail.name), number_of
                )
                if category == "management":
                    bill("PaidEventsRecorded" if position else "FreeEventsRecorded", "management_copies")
                    for kind in trail.stated.get("insights", []):
                        if kind == "ApiErrorRateInsight" or own[0] == "write":
                            bill("InsightsEvents", "insights_management")
                elif category == "data":
                    bill("DataEventsRecorded", DATA_COMPONENT.get(own[1], "data_events_other"))
                    for _ in trail.stated.get("data_insights", []):
                        bill("DataInsightsEvents", "insights_data")
                else:
                    bill("NetworkEventsRecorded", "network_activity")

    # --- files ---------------------------------------------------------------------------------------------------

    def files(self, month, events):
        """Returns the files and bytes of so many events in files of their own."""
        if not events:
            return 0, 0
        size = events * self.figure("bytes_per_event")
        slots = half_even(self.length[month] * 288 * self.figure("log_files_per_slot"))
        at_least = -(-size // self.figure("log_file_bytes_at_most"))
        return int(max(min(events, slots), at_least)), half_even(size / self.figure("gzip_ratio"))

    def log_files(self, trail, month, delivered):
        """Returns the piles of log files that a trail delivers in a month, each of objects of one size."""
        stated = trail.stated
        if "log_files" in stated or "log_bytes" in stated:
            return [(self.grown(stated["log_files"], month), self.grown(stated["log_bytes"], month))]
        counts = [count for both in delivered[trail.name].values() for count in both]
        if "insights_found" in stated:
            counts.append(self.grown(stated["insights_found"], month))
        return [pile for pile in (self.files(month, count) for count in counts) if pile[0]]

    def digest_files(self, trail, month, log_files):
        if not trail.stated.get("log_file_validation", False):
            return 0, 0
        covered = self.accounts if trail.everywhere else [trail.account]
        regions = 0
        for name in covered:
            account = self.accounts.get(name, {})
            active = {activity["region"] for activity in account.get("activity", [])}
            enabled = int(account.get("enabled_regions", self.figure("enabled_regions")))
            regions += max(enabled, len(active)) if trail.multi_region else 1
        files = 24 * self.length[month] * regions
        each, listed = self.figure("digest_file_bytes"), self.figure("digest_bytes_per_log_file")
        return files, half_even(files * each + log_files * listed)

    def histogram(self, sizes, files, size):
        """Shares log files out by the bars of a histogram; the last bar takes the rest.

        Bytes of a bar without a file belong to the last one with files: none may get lost.
        """
        piles, files_left, bytes_left = [], files, size
        for bar in sizes[:-1]:
            pile = half_even(files * share(bar["files"])), half_even(size * share(bar["bytes"]))
            files_left, bytes_left = files_left - pile[0], bytes_left - pile[1]
            piles.append(pile)
        piles.append((files_left, bytes_left))
        lost = sum(own for count, own in piles if not count)
        piles = [pile for pile in piles if pile[0]]
        return [*piles[:-1], (piles[-1][0], piles[-1][1] + lost)]

    def arrivals(self, month, delivered):
        """Returns what arrives in each bucket in a month, copies left out: {bucket: [(kind, encrypted, objects, bytes)]}."""
        found = {name: [] for name in self.buckets}
        for name, bucket in self.buckets.items():
            to_all = bucket.get("kms", False)
            by_key = {False: [], True: []}
            for trail in self.trails:
                if trail.stated.get("bucket") == name:
                    piles = self.log_files(trail, month, delivered)
                    by_key[trail.kms or to_all] += piles
                    digests = self.digest_files(trail, month, sum(files for files, _ in piles))
                    if digests[0]:
                        found[name].append(("digest", to_all, *digests))
            for encrypted, piles in by_key.items():
                if bucket.get("sizes") and piles:
                    if by_key[not encrypted]:
                        raise ValueError(f"{name}: measured sizes of files with and without a key")
                    piles = self.histogram(bucket["sizes"], sum(own for own, _ in piles), sum(own for _, own in piles))
                found[name] += [("log", encrypted, *pile) for pile in piles if pile[0]]
            if "receives" in bucket:
                own = bucket["receives"]
                objects = self.grown(own["objects"], month)
                size = self.grown(own["bytes"] if "bytes" in own else number(own["objects"]) * number(own["size"]), month)
                if objects:
                    found[name].append(("received", to_all, objects, size))
        return found

    # --- buckets -------------------------------------------------------------------------------------------------

    def fill(self, key_calls):
        """Returns every bucket's cohorts, after all months have arrived, and what arrived in each month."""
        cohorts = {name: [] for name in self.buckets}
        for name, bucket in self.buckets.items():
            for own in bucket.get("holds", []):
                objects = int(number(own["objects"]))
                size = int(number(own["bytes"]) if "bytes" in own else objects * number(own["size"]))
                age = days(own.get("age", "0d"))
                cohorts[name].append(
                    Cohort(objects, size, -age, 1, "held", bucket.get("kms", False), own.get("class", "STANDARD"), age)
                )
        arrived, delivered = {}, {}
        for month in self.months:
            delivered[month] = self.delivered(month, key_calls.get(month, {}))
            arrived[month] = self.arrivals(month, delivered[month])
            when = self.first[month], self.length[month]
            for name, piles in arrived[month].items():
                for kind, encrypted, objects, size in piles:
                    cohorts[name].append(Cohort(objects, size, *when, kind, encrypted))
                    for replica in self.buckets[name].get("replicate_to", []):
                        target, storage_class = self.replica(replica)
                        own_key = self.buckets[target].get("kms", False)
                        copies = Cohort(objects, size, *when, kind, own_key, storage_class, copied=True)
                        cohorts[target].append(copies)
        cohorts = {name: self.shelves[name].together(own) for name, own in cohorts.items()}
        return cohorts, arrived, delivered

    def replica(self, stated):
        if isinstance(stated, str):
            return stated, "STANDARD"
        return stated["bucket"], stated.get("class", "STANDARD")

    def bill_bucket(self, name, cohorts, arrived, month):
        bucket, shelf = self.buckets[name], self.shelves[name]
        first, length = self.first[month], self.length[month]
        place = bucket["account"], bucket["region"]
        bill = lambda usage_type, amount, component=None: self.add(
            (month, *place, "AmazonS3", usage_type, component or component_of(usage_type), name), amount
        )
        byte_days, monitored = {}, Fraction(0)
        for cohort in cohorts[name]:
            if cohort.first >= first + length:
                continue
            own_days, own_monitored, moved = shelf.month(cohort, first, length)
            for usage_type, amount in own_days.items():
                byte_days[usage_type] = byte_days.get(usage_type, 0) + amount
            monitored += own_monitored
            for usage_type, count in moved.items():
                bill(usage_type, count, "s3_transitions")
        for usage_type, amount in byte_days.items():
            bill(usage_type, amount / length / self.s3_gb)
        bill("Monitoring-Automation-INT", half_even(monitored / length))
        piles = arrived[month][name]
        bill("Requests-Tier1", sum(objects for _, _, objects, _ in piles))
        if self.has_key(name):
            versions = bucket.get("kms_key_versions", 1)
            self.add((month, *place, "awskms", "KMS-Keys", "kms", name), versions)
        for replica in bucket.get("replicate_to", []):
            self.bill_replica(name, *self.replica(replica), piles, month)

    def bill_replica(self, name, target, storage_class, piles, month):
        source, other = self.buckets[name], self.buckets[target]
        place, there = (source["account"], source["region"]), (other["account"], other["region"])
        objects = sum(own for _, _, own, _ in piles)
        put = PUT_AS[storage_class]
        self.add((month, *there, "AmazonS3", put, "replication", target), objects)
        if source["region"] != other["region"]:
            near = {source["region"], other["region"]} == {"us-east-1", "us-east-2"}
            usage_type = "x_AWS-Out-Bytes-us-east" if near else "AWS-Out-Bytes"
            size = twelve_digits(Fraction(sum(own for *_, own in piles), GB))
            self.add((month, *place, "AWSDataTransfer", usage_type, "replication", name), size)
        encrypted = sum(own for _, encrypted, own, _ in piles if encrypted)
        self.add((month, *place, "awskms", "KMS-Requests", "kms", name), self.after_saving(name, encrypted))
        if other.get("kms", False):
            self.add((month, *there, "awskms", "KMS-Requests", "kms", target), self.after_saving(target, objects))

    def has_key(self, name):
        delivers = any(trail.kms and trail.stated.get("bucket") == name for trail in self.trails)
        return delivers or self.buckets[name].get("kms", False)

    def after_saving(self, name, requests):
        """Returns the requests that are left where a Bucket Key saves some."""
        key = self.buckets[name].get("bucket_key", False)
        if key is False:
            return requests
        saving = self.figure("bucket_key_saving") if key is True else share(key)
        return requests - half_even(requests * saving)

    # --- readers -------------------------------------------------------------------------------------------------

    def read(self, reader, cohorts, month):
        """Returns what a reader reads each time: {(class, encrypted): [objects, bytes]}."""
        name = reader.get("bucket")
        found = {}
        if "logs" in reader:
            begin = days(reader["logs"].get("from", "0d"))
            end = days(reader["logs"]["to"]) if "to" in reader["logs"] else FOR_EVER
            last = self.first[month] + self.length[month] - 1
            for cohort in cohorts[name]:
                if cohort.first > last or cohort.kind == "digest":
                    continue
                for storage_class, objects, size in self.shelves[name].within(cohort, begin, end, last):
                    own = found.setdefault((storage_class, cohort.encrypted), [0, 0])
                    own[0] += objects
                    own[1] += size
            return found
        objects = self.grown(reader.get("files", 0), month)
        size = self.grown(reader.get("bytes", 0), month)
        if "uncompressed_bytes" in reader:
            size = half_even(self.grown(reader["uncompressed_bytes"], month) / self.figure("gzip_ratio"))
        return {("STANDARD", name is not None and self.has_key(name)): [objects, size]}

    def bill_reader(self, reader, cohorts, month):
        """Bills a reader; returns its Decrypt calls."""
        times = int(number(reader.get("times", self.figure("reader_times"))))
        read = self.read(reader, cohorts, month)
        bucket = self.buckets.get(reader.get("bucket"), {})
        place = reader.get("account", bucket.get("account")), reader.get("region", bucket.get("region"))
        calls = times * sum(objects for (_, encrypted), (objects, _) in read.items() if encrypted)
        by_class = {}
        for (storage_class, _), (objects, size) in read.items() if bucket else ():
            own = by_class.setdefault(storage_class, [0, 0])
            own[0] += objects * times
            own[1] += size * times
        for storage_class, (objects, size) in by_class.items():
            at = bucket["account"], bucket["region"]
            bill = lambda usage_type, amount: self.add(
                (month, *at, "AmazonS3", usage_type, component_of(usage_type), reader["name"]), amount
            )
            bill(READ_AS[storage_class], objects)
            if storage_class in RETRIEVED_AS:
                bill(RETRIEVED_AS[storage_class], Fraction(size, GB))
            if storage_class in ("GLACIER", "DEEP_ARCHIVE"):
                requests, retrieved = RESTORED_AS[storage_class, reader.get("restore", "standard")]
                bill(requests, objects)
                bill(retrieved, Fraction(size, GB))
                kept = reader.get("restore_days", int(self.figure("restore_days")))
                bill("TimedStorage-ByteHrs", size * kept / self.length[month] / self.s3_gb)
        if calls:
            calls = self.after_saving(bucket["name"], calls)
            self.add((month, *place, "awskms", "KMS-Requests", "kms", bucket["name"]), calls)
        if reader["how"] == "athena":
            size = sum(own for _, own in read.values())
            scanned = times * max(-(-size // MB), 10)
            self.add((month, *place, "AmazonAthena", "DataScannedInTB", "athena", reader["name"]), Fraction(scanned, MB))
        return calls

    # --- log groups, alarms, messages ----------------------------------------------------------------------------

    def bill_log_group(self, group, ingested, month):
        """`ingested` has the bytes of the months so far."""
        bill = lambda usage_type, amount, component="cloudwatch_logs": self.add(
            (month, group["account"], group["region"], "AmazonCloudWatch", usage_type, component, group["name"]), amount
        )
        infrequent = group.get("class") == "INFREQUENT_ACCESS"
        bill("DataProcessingIA-Bytes" if infrequent else "DataProcessing-Bytes", Fraction(ingested[month], GB))
        kept = days(group["retention"]) if "retention" in group else FOR_EVER
        now = self.first[month], self.length[month]
        byte_days = number(group.get("holds", 0)) * self.length[month]
        for cohort, size in ingested.items():
            stored = half_even(size * self.figure("log_storage_ratio"))
            pairs = days_of_age(self.first[cohort], self.length[cohort], *now)
            counted = sum(count for age, count in pairs.items() if age < kept)
            byte_days += Fraction(stored * counted, self.length[cohort])
        bill("TimedStorage-ByteHrs", byte_days / self.length[month] / GB)
        bill("DataScanned-Bytes", Fraction(self.grown(group.get("scanned", 0), month), GB))
        hours = 24 * self.length[month]
        metrics = Fraction(0)
        for own in group.get("metric_filter", []):
            metered = hours if own.get("default_value") else min(number(own["matching_hours"]), hours)
            metrics += twelve_digits(Fraction(own.get("metrics", 1) * metered, hours))
        bill("CW:MetricMonitorUsage", metrics, "cloudwatch_metrics_alarms")

    def bill_function(self, month, place, resource, runs, stated):
        memory = number(stated.get("memory", f"{self.figure('function_memory')} MiB")) / MB
        text = stated["duration"]
        milliseconds = Fraction(text[:-2]) if text.endswith("ms") else Fraction(text[:-1]) * 1000
        seconds = runs * memory * milliseconds / 1024 / 1000
        self.add((month, *place, "AWSLambda", "Request", "lambda", resource), runs)
        self.add((month, *place, "AWSLambda", "Lambda-GB-Second", "lambda", resource), seconds)

    def bill_topic(self, topic, log_files, month):
        place = topic["account"], topic["region"]
        bill = lambda usage_type, amount: self.add(
            (month, *place, "AmazonSNS", usage_type, "sns", topic["name"]), amount
        )
        messages = self.grown(topic.get("published", 0), month)
        for alarm in self.file.get("alarm", []):
            if alarm.get("topic") == topic["name"]:
                messages += self.grown(alarm.get("alerts", 0), month)
        for rule in self.file.get("event_rule", []):
            for target in rule.get("targets", []):
                if target["kind"] == "topic" and target["name"] == topic["name"]:
                    messages += self.grown(rule["matched"], month)
        size = number(topic.get("message_bytes", self.figure("topic_message_bytes")))
        bill("Requests-Tier1", messages * chunks(size) + log_files)
        for own in topic.get("subscriptions", []):
            deliveries = (messages + log_files) * own.get("count", 1)
            if own["protocol"] == "email":
                bill("DeliveryAttempts-SMTP", deliveries)
            elif own["protocol"] in ("http", "https"):
                bill("DeliveryAttempts-HTTP", deliveries)
            elif own["protocol"] == "lambda":
                self.bill_function(month, place, topic["name"], deliveries, own)

    def bill_alerting(self, month):
        only = lambda own: (own.get("account") or self.only_account, own.get("region") or self.trails[0].home)
        for alarm in self.file.get("alarm", []):
            usage_type = ALARM_AS[alarm.get("kind", "standard")]
            key = (month, *only(alarm), "AmazonCloudWatch", usage_type, "cloudwatch_metrics_alarms", alarm["name"])
            self.add(key, alarm.get("metrics", 1))
        for bus in self.file.get("event_bus", []):
            size = number(bus.get("event_bytes", self.figure("bytes_per_event")))
            key = (month, *only(bus), "AWSEvents", "Event-64K-Chunks", "eventbridge", bus["name"])
            self.add(key, self.grown(bus["custom_events"], month) * chunks(size))
        for rule in self.file.get("event_rule", []):
            matched = self.grown(rule["matched"], month)
            parts = matched * chunks(number(rule.get("event_bytes", self.figure("bytes_per_event"))))
            key = lambda usage_type: (month, *only(rule), "AWSEvents", usage_type, "eventbridge", rule["name"])
            for target in rule.get("targets", []):
                if target["kind"] == "bus":
                    self.add(key("Event-64K-Chunks"), parts)
                elif target["kind"] == "cross_account":
                    self.add(key("x_CrossAccountDelivery-64K-Chunks"), parts)
                elif target["kind"] == "function":
                    self.bill_function(month, only(rule), rule["name"], matched, target)

    # --- all -----------------------------------------------------------------------------------------------------

    def add(self, key, amount):
        if amount:
            self.billed[key] = self.billed.get(key, 0) + amount

    def add_calls(self, calls, name, requests):
        """Adds the calls of a bucket's key, less what a Bucket Key saves."""
        place = self.buckets[name]["account"], self.buckets[name]["region"]
        if requests:
            calls[place] = calls.get(place, 0) + self.after_saving(name, requests)

    def key_calls(self):
        """Returns the calls of KMS keys, {month: {(account, region): number}}: from the files without these calls."""
        self.billed = {}
        cohorts, arrived, delivered = self.fill({})
        found = {}
        for month in self.months:
            calls = found.setdefault(month, {})
            for name, piles in arrived[month].items():
                for replica in self.buckets[name].get("replicate_to", []):
                    target, _ = self.replica(replica)
                    self.add_calls(calls, name, sum(own for _, encrypted, own, _ in piles if encrypted))
                    if self.buckets[target].get("kms", False):
                        self.add_calls(calls, target, sum(own for _, _, own, _ in piles))
            for trail in self.trails:
                if trail.kms and "bucket" in trail.stated:
                    bucket = self.buckets[trail.stated["bucket"]]
                    place = bucket["account"], bucket["region"]
                    files = sum(own for own, _ in self.log_files(trail, month, delivered[month]))
                    calls[place] = calls.get(place, 0) + files
            for reader in self.file.get("reader", []):
                number_of = self.bill_reader(reader, cohorts, month)
                if number_of:
                    bucket = self.buckets[reader["bucket"]]
                    place = bucket["account"], bucket["region"]
                    calls[place] = calls.get(place, 0) + number_of
        return found

    def quantities(self):
        """Returns {(month, account, region, service, usage type, component, resource): exact quantity}, zeros left out."""
        key_calls = self.key_calls()
        self.billed = {}
        cohorts, arrived, delivered = self.fill(key_calls)
        ingested = {name: {} for name in self.log_groups}
        for month in self.months:
            self.bill_events(month, key_calls[month])
            for name in self.buckets:
                self.bill_bucket(name, cohorts, arrived, month)
            for reader in self.file.get("reader", []):
                self.bill_reader(reader, cohorts, month)
            for name, group in self.log_groups.items():
                ingested[name][month] = self.ingested(group, month, delivered[month])
                self.bill_log_group(group, ingested[name], month)
            for name, topic in self.topics.items():
                notified = 0
                for trail in self.trails:
                    if trail.stated.get("sns_topic") == name:
                        notified += sum(own for own, _ in self.log_files(trail, month, delivered[month]))
                self.bill_topic(topic, notified, month)
            self.bill_alerting(month)
        return self.billed

    def ingested(self, group, month, delivered):
        """Returns the bytes that a log group takes in, in a month."""
        events = 0
        for trail in self.trails:
            if trail.stated.get("log_group") == group["name"]:
                events += sum(sum(both) for both in delivered[trail.name].values())
                events += self.grown(trail.stated.get("insights_found", 0), month)
        size = half_even(events * (self.figure("bytes_per_event") + self.figure("log_overhead_bytes")))
        return size - half_even(size * share(group.get("not_sent", "0%")))


def component_of(usage_type):
    """Returns the component of a usage type of S3 that is neither a transition nor a copy."""
    return "s3_storage" if usage_type.startswith(STORAGE) else "s3_requests"
