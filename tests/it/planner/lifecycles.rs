//! Every lifecycle of up to three transitions at some ages, as text; S3's rules are written down once more here.

/// Class, days that it is charged for at least, and the classes that objects may move to.
const CLASSES: [(&str, u32, &[&str]); 6] = [
    ("STANDARD", 0, &["STANDARD_IA", "INTELLIGENT_TIERING", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"]),
    ("STANDARD_IA", 30, &["INTELLIGENT_TIERING", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"]),
    ("INTELLIGENT_TIERING", 0, &["GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"]),
    ("GLACIER_IR", 90, &["GLACIER", "DEEP_ARCHIVE"]),
    ("GLACIER", 90, &["DEEP_ARCHIVE"]),
    ("DEEP_ARCHIVE", 180, &[]),
];

const AGES: [u32; 7] = [0, 30, 60, 90, 120, 180, 365];

/// Returns every lifecycle; the first one is none. `floors` are ages before which a class is not allowed.
pub(super) fn lifecycles(floors: &[(&str, u32)], expires: Option<u32>) -> Vec<String> {
    let mut sequences: Vec<Vec<(&str, u32)>> = vec![Vec::new()];
    let mut at = 0;
    while at < sequences.len() {
        let sequence = sequences[at].clone();
        at += 1;
        if sequence.len() == 3 {
            continue;
        }
        let &(class, since) = sequence.last().unwrap_or(&("STANDARD", 0));
        let (_, minimum, next) = CLASSES.iter().find(|(own, _, _)| *own == class).unwrap();
        for to in *next {
            let floor = floors.iter().find(|(own, _)| own == to).map_or(0, |(_, age)| *age);
            let floor = if *to == "STANDARD_IA" { floor.max(30) } else { floor };
            for age in AGES {
                let too_early =
                    age < since + minimum || age < floor || (!sequence.is_empty() && age <= since);
                if too_early || expires.is_some_and(|ends| age >= ends) {
                    continue;
                }
                let mut longer = sequence.clone();
                longer.push((to, age));
                sequences.push(longer);
            }
        }
    }
    let expiry = expires.map(|age| format!("{{ after = \"{age}d\", expire = true }}"));
    let mut texts = vec![String::new()];
    for sequence in &sequences {
        for size in ["", ", larger_than = \"0 bytes\""] {
            let steps =
                sequence.iter().map(|(to, age)| format!("{{ after = \"{age}d\", to = \"{to}\"{size} }}"));
            let steps: Vec<String> = steps.chain(expiry.clone()).collect();
            texts.push(steps.join(", "));
        }
    }
    texts
}
