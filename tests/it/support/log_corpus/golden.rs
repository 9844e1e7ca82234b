//! The golden corpus: a small tree of log files with every kind of record, and every kind of file that goes wrong.

use super::event::{call, operation, time};
use super::json::{Json, Space, Style, object};
use super::places::{CorpusFile, Place, gzip, gzip_members, with_size};
use super::random::Random;
use super::shapes::{Shape, archive};
use super::variants::{Scene, documented, variants};
use super::world::Account;

const REGIONS: [&str; 3] = ["us-east-1", "eu-west-1", "ap-southeast-2"];
const ORGANIZATION: &str = "o-exampleorgid";

/// Styles that no reader may care about.
const STYLES: [Style; 6] = [
    Style::COMPACT,
    Style { sorted: true, space: Space::None, escaped: false },
    Style { sorted: false, space: Space::Lines, escaped: false },
    Style { sorted: false, space: Space::Everywhere, escaped: false },
    Style { sorted: false, space: Space::None, escaped: true },
    Style { sorted: true, space: Space::Everywhere, escaped: true },
];

/// The corpus of a seed.
pub(crate) fn golden(seed: u64) -> Vec<CorpusFile> {
    let mut making = Making { random: Random::new(seed), files: Vec::new() };
    let accounts: Vec<Account> = ["111122223333", "444455556666", "000000000012"]
        .map(|id| Account::new(id, &mut making.random))
        .to_vec();
    making.ordinary(&accounts);
    making.variants(&accounts[0]);
    making.copies(&accounts[1]);
    making.shapes(&accounts[0]);
    making.framings(&accounts[0]);
    making.broken(&accounts[2]);
    making.others(&accounts[1]);
    making.replicas(&accounts[2]);
    making.files
}

/// Files of whose content different readers of gzip hand out more or less before they see the damage.
pub(crate) fn damaged_within(seed: u64) -> Vec<CorpusFile> {
    let mut making = Making { random: Random::new(seed), files: Vec::new() };
    let account = Account::new("111122223333", &mut making.random);
    for at in 0..24 {
        let mut packed = gzip(&records(&making.events(&account, "us-east-1", 1, 60), Style::COMPACT));
        let place = 10 + making.random.below(packed.len() - 18);
        packed[place] ^= 1 << making.random.below(8);
        making.put(format!("flipped-{at}.json.gz"), packed);
    }
    making.files
}

/// What a table can be laid over: `{"Records":[…]}` in whole files where CloudTrail puts them, of one trail.
pub(crate) fn tabular(seed: u64) -> Vec<CorpusFile> {
    let mut making =
        Making { random: Random::new(seed), files: archive(Shape::SMALL.scaled(3), seed).collect() };
    let account = Account::new("111122223300", &mut making.random);
    for (day, region) in [(1, "us-east-1"), (2, "eu-west-1"), (30, "us-east-1")] {
        let time = time(day, 3_600);
        let scene = Scene { account: &account, region, time: &time };
        let all = documented(&scene, &mut making.random);
        making.put_log(&account, region, day, gzip(&records(&all, Style::COMPACT)));
        // Some of them once more, the next day and five days later.
        making.put_log(&account, region, day + 1, gzip(&records(&all[..9], Style::COMPACT)));
        let mut later = all[3..12].to_vec();
        for event in &mut later {
            if has_category(event, "Management") {
                event.set("eventTime", super::event::time(day + 5, 60));
            }
        }
        making.put_log(&account, region, day + 5, gzip(&records(&later, Style::COMPACT)));
        let insights: Vec<Json> = documented(&scene, &mut making.random)
            .into_iter()
            .filter(|event| has_category(event, "Insight"))
            .collect();
        let place = Place {
            prefix: "",
            organization: None,
            account: &account.id,
            folder: "CloudTrail-Insight",
            region,
            day,
        };
        let path = place.path(7, &mut making.random);
        making.put(path, gzip(&records(&insights, Style::COMPACT)));
    }
    making.files
}

/// `{"Records":[…]}` as CloudTrail writes it.
pub(crate) fn records(events: &[Json], style: Style) -> Vec<u8> {
    let mut raw = Vec::new();
    let all = Json::Object(vec![("Records".into(), Json::List(events.to_vec()))]);
    all.write(style, &mut raw);
    raw
}

struct Making {
    random: Random,
    files: Vec<CorpusFile>,
}

impl Making {
    fn put(&mut self, path: impl Into<String>, bytes: Vec<u8>) {
        self.files.push(CorpusFile { path: path.into(), bytes });
    }

    /// Puts a log file of an account where CloudTrail would.
    fn put_log(&mut self, account: &Account, region: &str, day: usize, bytes: Vec<u8>) {
        let slot = self.random.below(288);
        let place =
            Place { prefix: "", organization: None, account: &account.id, folder: "CloudTrail", region, day };
        let path = place.path(slot, &mut self.random);
        self.put(path, bytes);
    }

    fn events(&mut self, account: &Account, region: &str, day: usize, count: usize) -> Vec<Json> {
        (0..count)
            .map(|_| {
                let second = self.random.below(86_400);
                let operation = operation(&mut self.random);
                call(operation, account, region, &time(day, second), &mut self.random)
            })
            .collect()
    }

    /// What most of an archive is: files of a few events, in every style.
    fn ordinary(&mut self, accounts: &[Account]) {
        let mut at = 0;
        for account in accounts {
            for region in REGIONS {
                for day in [0, 1, 2, 6, 30, 31] {
                    let events = self.events(account, region, day, 1 + at % 23);
                    self.put_log(account, region, day, gzip(&records(&events, STYLES[at % STYLES.len()])));
                    at += 1;
                }
            }
        }
        // The last minutes of a day are delivered in the next day's folder.
        let late = (0..7).map(|at| time(2, 86_390 + at)).collect::<Vec<_>>();
        let events: Vec<Json> = late
            .iter()
            .map(|time| {
                let operation = operation(&mut self.random);
                call(operation, &accounts[0], REGIONS[0], time, &mut self.random)
            })
            .collect();
        self.put_log(&accounts[0], REGIONS[0], 3, gzip(&records(&events, Style::COMPACT)));
        // An organization's trail, and a trail with a prefix.
        for (prefix, organization) in
            [("", Some(ORGANIZATION)), ("logs/of all/", None), ("logs/", Some(ORGANIZATION))]
        {
            let events = self.events(&accounts[1], REGIONS[1], 4, 9);
            let place = Place {
                prefix,
                organization,
                account: &accounts[1].id,
                folder: "CloudTrail",
                region: REGIONS[1],
                day: 4,
            };
            let path = place.path(11, &mut self.random);
            self.put(path, gzip(&records(&events, Style::COMPACT)));
        }
    }

    /// Every variant once in each style.
    fn variants(&mut self, account: &Account) {
        for (at, style) in STYLES.into_iter().enumerate() {
            let time = time(7 + at, 43_200);
            let scene = Scene { account, region: REGIONS[at % REGIONS.len()], time: &time };
            let all = variants(&scene, &mut self.random);
            for part in all.chunks(40) {
                self.put_log(account, scene.region, 7 + at, gzip(&records(part, style)));
            }
            // Insights, network activity and aggregated events come in folders of their own.
            for (folder, category) in [
                ("CloudTrail-Insight", "Insight"),
                ("CloudTrail-NetworkActivity", "NetworkActivity"),
                ("CloudTrail-Aggregated", "Aggregated"),
            ] {
                let own: Vec<Json> = variants(&scene, &mut self.random)
                    .into_iter()
                    .filter(|event| has_category(event, category))
                    .collect();
                let place = Place {
                    prefix: "",
                    organization: None,
                    account: &account.id,
                    folder,
                    region: scene.region,
                    day: 7 + at,
                };
                let path = place.path(144, &mut self.random);
                self.put(path, gzip(&records(&own, style)));
            }
        }
    }

    /// The same events by other trails, in other Regions' folders, on other days; the same files again.
    fn copies(&mut self, account: &Account) {
        let events = self.events(account, "us-east-1", 20, 60);
        let packed = gzip(&records(&events, Style::COMPACT));
        self.put_log(account, "us-east-1", 20, packed.clone());
        // A second trail delivers what the first did, in other files and another order; a third the writes alone.
        let mut reversed: Vec<Json> = events.iter().rev().cloned().collect();
        for (at, part) in reversed.chunks(25).enumerate() {
            let place = Place {
                prefix: "second/",
                organization: Some(ORGANIZATION),
                account: &account.id,
                folder: "CloudTrail",
                region: "us-east-1",
                day: 20,
            };
            let path = place.path(100 + at, &mut self.random);
            self.put(path, gzip(&records(part, STYLES[at + 1])));
        }
        reversed.retain(|event| !event.compact().contains("\"readOnly\":true"));
        // A global service's events, once more under another Region, and in the next day's folder.
        self.put_log(account, "eu-west-1", 20, gzip(&records(&reversed, Style::COMPACT)));
        self.put_log(account, "us-east-1", 21, gzip(&records(&reversed[..3], Style::COMPACT)));
        // A copy whose time is a day later is still the same event.
        let mut later = events[5].clone();
        later.set("eventTime", time(21, 60));
        self.put_log(account, "us-east-1", 21, gzip(&records(&[later], Style::COMPACT)));
        // An event twice in one file.
        self.put_log(
            account,
            "us-east-1",
            22,
            gzip(&records(&[events[0].clone(), events[0].clone()], Style::COMPACT)),
        );
        // One event seen by two accounts: two ids, one sharedEventID, and no copy.
        let mut shared = self.events(account, "us-east-1", 23, 2);
        for event in &mut shared {
            event.set("sharedEventID", "0b0b0b0b-1111-4222-8333-444455556666");
        }
        self.put_log(account, "us-east-1", 23, gzip(&records(&shared, Style::COMPACT)));
        // The same file in another folder, under another name, and unpacked beside itself.
        let again = records(&self.events(account, "us-east-1", 24, 12), Style::COMPACT);
        self.put(
            "once/444455556666_CloudTrail_us-east-1_20261025T0005Z_aaaaaaaaaaaaaaaa.json.gz",
            gzip(&again),
        );
        self.put(
            "once/444455556666_CloudTrail_us-east-1_20261025T0005Z_aaaaaaaaaaaaaaaa.json",
            again.clone(),
        );
        self.put(
            "twice/444455556666_CloudTrail_us-east-1_20261025T0005Z_aaaaaaaaaaaaaaaa.json.gz",
            gzip(&again),
        );
        self.put("twice/renamed.json.gz", gzip(&again));
    }

    /// Copies of one log file, of which some are damaged or empty; damaged files twice; answers of the event history.
    fn replicas(&mut self, account: &Account) {
        let mut log = |count: usize| records(&self.events(account, "us-east-1", 12, count), Style::COMPACT);
        let raws: Vec<Vec<u8>> = (5..11).map(&mut log).collect();
        let damaged = log(40);
        let name =
            |at: usize| format!("{}_CloudTrail_us-east-1_20261112T0005Z_replica{at:09}.json", account.id);
        let cut = |raw: &[u8]| {
            let packed = gzip(raw);
            packed[..packed.len() * 2 / 3].to_vec()
        };
        // What each folder holds of each file, the folder that is met first at first.
        let of_each: [[Vec<u8>; 3]; 6] = [
            [cut(&raws[0]), gzip(&raws[0]), cut(&raws[0])],
            [Vec::new(), cut(&raws[1]), gzip(&raws[1])],
            [gzip(&raws[2]), cut(&raws[2]), Vec::new()],
            [Vec::new(), cut(&raws[3]), Vec::new()],
            [Vec::new(), b" \n".to_vec(), gzip(b"")],
            [cut(&raws[5]), cut(&raws[5]), Vec::new()],
        ];
        for (at, files) in of_each.into_iter().enumerate() {
            for (folder, bytes) in ["replicas/a", "replicas/b", "replicas/c"].into_iter().zip(files) {
                self.put(format!("{folder}/{}.gz", name(at)), bytes);
            }
        }
        // Unpacked: the one met first ends within a record.
        let plain = &raws[4];
        self.put(format!("replicas/a/{}", name(9)), plain[..plain.len() / 2].to_vec());
        self.put(format!("replicas/b/{}", name(9)), plain.clone());
        let damaged = cut(&damaged);
        for copy in ["one", "two"] {
            self.put(format!("replicas/damaged-{copy}.json.gz"), damaged.clone());
        }
        // The event history tells some of what a trail delivered, and more, in two answers that overlap.
        let events = self.events(account, "eu-west-1", 13, 12);
        self.put_log(account, "eu-west-1", 13, gzip(&records(&events[..6], Style::COMPACT)));
        for (answer, part) in [("first", &events[3..9]), ("second", &events[7..12])] {
            let answers: Vec<Json> = part
                .iter()
                .map(|event| {
                    object! {
                        "EventId": event.text("eventID").to_owned(),
                        "CloudTrailEvent": event.compact(),
                    }
                })
                .collect();
            let mut raw = Vec::new();
            object! { "Events": answers }.write(Style::COMPACT, &mut raw);
            self.put(format!("replicas/history-{answer}.json"), raw);
        }
    }

    /// Other containers than `{"Records": […]}`.
    fn shapes(&mut self, account: &Account) {
        let mut events = |count| self.events(account, "us-east-1", 27, count);
        let list = Json::List(events(7));
        let bare = events(1).swap_remove(0);
        let lines = events(9);
        let lake = Json::Object(vec![("Events".into(), Json::List(events(5)))]);
        let looked_up: Vec<Json> = events(4)
            .iter()
            .map(|event| {
                object! {
                    "EventId": event.text("eventID").to_owned(),
                    "EventName": event.text("eventName").to_owned(),
                    "ReadOnly": "false",
                    "Username": "alice",
                    "Resources": Vec::<Json>::new(),
                    "CloudTrailEvent": event.compact(),
                }
            })
            .collect();
        let history = object! { "Events": looked_up, "NextToken": "more" };
        let around = Json::Object(vec![
            ("note".into(), Json::Object(vec![("Records".into(), Json::List(vec![Json::Null]))])),
            ("Records".into(), Json::List(events(6))),
            ("end".into(), Json::List(vec![Json::from("]}"), Json::Number(1)])),
        ]);
        let marked = records(&events(4), Style::COMPACT);
        for (name, style) in [("compact", STYLES[0]), ("everywhere", STYLES[3]), ("escaped", STYLES[5])] {
            for (shape, value) in [
                ("list", &list),
                ("bare", &bare),
                ("events", &lake),
                ("history", &history),
                ("around", &around),
            ] {
                let mut raw = Vec::new();
                value.write(style, &mut raw);
                self.put(format!("shapes/{shape}-{name}.json"), raw);
            }
        }
        let mut joined = Vec::new();
        for (at, event) in lines.iter().enumerate() {
            event.write(Style::COMPACT, &mut joined);
            joined.extend_from_slice(if at % 3 == 1 { b"\r\n\r\n" } else { b"\n" });
        }
        self.put("shapes/lines.json", joined.clone());
        while joined.ends_with(b"\n") || joined.ends_with(b"\r") {
            joined.pop();
        }
        self.put("shapes/lines-without-end.json.gz", gzip(&joined));
        let whole = [&b"\xef\xbb\xbf"[..], &marked].concat();
        self.put("shapes/byte-order-mark.json", whole.clone());
        self.put("shapes/byte-order-mark.json.gz", gzip(&whole));
        self.put("shapes/space-around.json.gz", gzip(&[b" \r\n\t".as_slice(), &marked, b"\n\n \t"].concat()));
        self.put("shapes/no-records.json.gz", gzip(br#"{"Records":[]}"#));
        self.put("shapes/no-records-spaced.json.gz", gzip(b"{ \"Records\" : [ ] }\n"));
        self.put("shapes/empty-list.json", b"[]".to_vec());
        self.put("shapes/empty-object.json", b"{}".to_vec());
        self.put("shapes/empty.json", Vec::new());
        self.put("shapes/empty.json.gz", Vec::new());
        self.put("shapes/empty-packed.json.gz", gzip(b""));
        self.put("shapes/space-alone.json", b" \n\t".to_vec());
    }

    /// gzip as the format allows it, and as it should not be.
    fn framings(&mut self, account: &Account) {
        let raw = records(&self.events(account, "eu-west-1", 28, 30), Style::COMPACT);
        let mut fresh = |day: usize| records(&self.events(account, "eu-west-1", day, 30), Style::COMPACT);
        let (halves, bytes, empties, zero, large, small, padded) =
            (fresh(28), fresh(28), fresh(28), fresh(28), fresh(28), fresh(28), fresh(28));
        self.put("gzip/one.json.gz", gzip(&raw));
        self.put("gzip/two-members.json.gz", gzip_members(&halves, &[halves.len() / 2]));
        let every: Vec<usize> = (1..60).collect();
        self.put("gzip/many-members.json.gz", gzip_members(&bytes, &every));
        self.put("gzip/empty-members.json.gz", gzip_members(&empties, &[0, 0, 100, 100, empties.len()]));
        self.put("gzip/size-zero.json.gz", with_size(gzip(&zero), 0));
        self.put("gzip/size-large.json.gz", with_size(gzip(&large), u32::MAX));
        self.put("gzip/size-small.json.gz", with_size(gzip(&small), 10));
        self.put("gzip/zeros-after.json.gz", [gzip(&padded), vec![0; 512]].concat());
    }

    /// Files of which a part or nothing can be read.
    fn broken(&mut self, account: &Account) {
        let mut fresh = || records(&self.events(account, "us-east-1", 29, 30), Style::COMPACT);
        let whole: Vec<Vec<u8>> = (0..14).map(|_| fresh()).collect();
        let packed: Vec<Vec<u8>> = whole.iter().map(|raw| gzip(raw)).collect();
        self.put("broken/head-alone.json.gz", packed[0][..10].to_vec());
        self.put("broken/cut-in-head.json.gz", packed[0][..5].to_vec());
        self.put("broken/cut-in-half.json.gz", packed[1][..packed[1].len() / 2].to_vec());
        self.put("broken/cut-before-trailer.json.gz", packed[2][..packed[2].len() - 8].to_vec());
        self.put("broken/cut-in-trailer.json.gz", packed[3][..packed[3].len() - 3].to_vec());
        let mut sum = packed[4].clone();
        let at = sum.len() - 7;
        sum[at] ^= 0x55;
        self.put("broken/wrong-sum.json.gz", sum);
        self.put(
            "broken/rubbish-after.json.gz",
            [packed[6].clone(), b"rubbish after the member".to_vec()].concat(),
        );
        let second = gzip_members(&whole[7], &[whole[7].len() / 2]);
        self.put("broken/second-member-cut.json.gz", second[..second.len() - 20].to_vec());
        self.put("broken/not-packed.json.gz", whole[8].clone());
        self.put("broken/packed.json", packed[9].clone());
        let json = &whole[10];
        self.put("broken/json-cut.json.gz", gzip(&json[..json.len() * 2 / 3]));
        self.put("broken/json-without-end.json.gz", gzip(&json[..json.len() - 2]));
        self.put("broken/json-and-more.json.gz", gzip(&[json, &b"]}"[..]].concat()));
        let mut comma = whole[11].clone();
        let at = find(&comma, b",\"eventTime\"");
        comma[at] = b';';
        self.put("broken/not-json-within.json.gz", gzip(&comma));
        let mut bytes = whole[12].clone();
        let at = find(&bytes, b"\"sourceIPAddress\":\"") + 20;
        bytes[at] = 0xff;
        self.put("broken/not-utf8.json.gz", gzip(&bytes));
        let mut nul = whole[13].clone();
        let at = find(&nul, b"\"sourceIPAddress\":\"") + 20;
        nul[at] = 0;
        self.put("broken/nul.json.gz", gzip(&nul));
        self.put("broken/no-json.json", b"this is no JSON\n".to_vec());
        self.put("broken/number.json", b"42".to_vec());
        self.put("broken/other-json.json", br#"{"Version":"2012-10-17","Statement":[]}"#.to_vec());
        self.put("broken/records-no-list.json", br#"{"Records":{"eventName":"x"}}"#.to_vec());
        self.put("broken/records-null.json", br#"{"Records":null}"#.to_vec());
        let events = self.events(account, "us-east-1", 29, 2);
        let mixed =
            format!("{{\"Records\":[null,{},1,\"x\",[],{{}},{}]}}", events[0].compact(), events[1].compact());
        self.put("broken/mixed.json", mixed.into_bytes());
        let deep = [vec![b'['; 100_000], vec![b']'; 100_000]].concat();
        self.put("broken/deep.json", deep);
    }

    /// Files that lie beside log files.
    fn others(&mut self, account: &Account) {
        for slot in [0, 12, 24] {
            let hour = slot / 12 + 1;
            let path = format!(
                "AWSLogs/{id}/CloudTrail-Digest/us-east-1/2026/10/06/\
                 {id}_CloudTrail-Digest_us-east-1_all-events_eu-west-1_20261006T{hour:02}0012Z.json.gz",
                id = account.id,
            );
            self.put(path, gzip(digest(&account.id, slot).as_bytes()));
        }
        // A digest file that was moved tells by its content what it is.
        self.put("moved/digest.json", digest(&account.id, 36).into_bytes());
        self.put("README.txt", b"What lies here\n".to_vec());
        self.put("AWSLogs/444455556666/CloudTrail/us-east-1/2026/10/06/.DS_Store", vec![0, 1, 2]);
        self.put(
            "AWSLogs/444455556666/Config/us-east-1/2026/10/6/ConfigHistory/x.json.gz",
            gzip(br#"{"fileVersion":"1.0","configurationItems":[]}"#),
        );
    }
}

fn digest(account: &str, slot: usize) -> String {
    format!(
        r#"{{"awsAccountId":"{account}","digestStartTime":"2026-10-06T{:02}:00:00Z","digestEndTime":"2026-10-06T{:02}:00:00Z","digestS3Bucket":"logs","digestS3Object":"x","digestPublicKeyFingerprint":"31e8b5433410dfb61a9dc45cc65b22ff","digestSignatureAlgorithm":"SHA256withRSA","newestEventTime":"2026-10-06T00:12:34Z","oldestEventTime":"2026-10-06T00:00:12Z","previousDigestS3Bucket":null,"previousDigestS3Object":null,"previousDigestHashValue":null,"previousDigestHashAlgorithm":null,"previousDigestSignature":null,"logFiles":[{{"s3Bucket":"logs","s3Object":"AWSLogs/{account}/CloudTrail/us-east-1/2026/10/06/x.json.gz","hashValue":"7d10","hashAlgorithm":"SHA-256","newestEventTime":"2026-10-06T00:12:34Z","oldestEventTime":"2026-10-06T00:00:12Z"}}]}}"#,
        slot / 12,
        slot / 12 + 1,
    )
}

fn has_category(event: &Json, wanted: &str) -> bool {
    let Json::Object(members) = event else { return false };
    members
        .iter()
        .any(|(key, value)| key == "eventCategory" && *value == Json::Text(wanted.to_owned().into()))
}

fn find(text: &[u8], wanted: &[u8]) -> usize {
    text.windows(wanted.len()).position(|own| own == wanted).unwrap()
}
