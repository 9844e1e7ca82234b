//! Colours, one per component group, the same in every chart.
//!
//! The group colours keep a distance from each other under the three common kinds of colour blindness; saving and
//! rise differ in lightness as well as in hue, and always stand on opposite sides of zero.

use crate::domain::StorageClass;

/// An opaque sRGB colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour {
    /// Red, 0 to 255.
    pub red: u8,
    /// Green, 0 to 255.
    pub green: u8,
    /// Blue, 0 to 255.
    pub blue: u8,
}

impl Colour {
    /// The colour of totals and of text; a line series in this colour is drawn thicker, as the total.
    pub const INK: Self = Self::rgb(0x1F_29_33);
    /// Secondary text: subtitle, axis labels, footnote.
    pub const MUTED: Self = Self::rgb(0x5B_67_73);
    /// Grid lines.
    pub const HAIRLINE: Self = Self::rgb(0xE4_E7_EB);
    /// The canvas.
    pub const PAPER: Self = Self::rgb(0xFF_FF_FF);
    /// The ground of boxes, a shade off the canvas.
    pub const PANEL: Self = Self::rgb(0xF0_F3_F6);
    /// A cost that falls.
    pub const SAVING: Self = Self::rgb(0x00_9E_73);
    /// A cost that rises.
    pub const RISE: Self = Self::rgb(0xD5_5E_00);
    /// A whole between whose bars steps lie.
    pub const TOTAL: Self = Self::rgb(0x3E_4C_59);
    /// A difference that nobody knows the reason of.
    pub const UNEXPLAINED: Self = Self::rgb(0x88_22_55);
    /// Light text on a dark segment: a shade apart from [`Colour::PAPER`], so that a style sheet which recolours
    /// the paper leaves this text readable.
    pub(super) const ON_DARK: Self = Self::rgb(0xFE_FE_FE);
    /// Dark text on a light segment, a shade apart from [`Colour::INK`] for the same reason.
    pub(super) const ON_LIGHT: Self = Self::rgb(0x1F_29_34);

    /// The contrast that WCAG asks of normal text.
    const READABLE_CONTRAST: f64 = 4.5;

    /// A colour from its usual notation, `0xRRGGBB`.
    #[must_use]
    pub const fn rgb(hex: u32) -> Self {
        let [_, red, green, blue] = hex.to_be_bytes();
        Self { red, green, blue }
    }

    /// A lighter variant for the n-th member of a group; 0 is the colour itself, and from 3 on it stays the same.
    #[must_use]
    pub fn lighter(self, n: usize) -> Self {
        let towards_paper = 0.28 * n.min(3) as f64;
        self.mixed(Self::PAPER, towards_paper)
    }

    /// The text colour that reads best on this colour.
    pub(super) fn text_on_it(self) -> Self {
        // White is preferred down to large-text contrast: dark text on a saturated mid-tone looks dirty.
        if self.contrast(Self::ON_DARK) >= 3.0 { Self::ON_DARK } else { Self::ON_LIGHT }
    }

    /// This colour, darkened as far as text on paper needs.
    pub(super) fn as_text(self) -> Self {
        (0..=10_u8)
            .map(|step| self.mixed(Self::INK, f64::from(step) / 10.0))
            .find(|colour| colour.contrast(Self::PAPER) >= Self::READABLE_CONTRAST)
            .unwrap_or(Self::INK)
    }

    /// This colour, so far on the way to another: 0 is itself, 1 the other.
    pub(super) fn towards(self, other: Self, part: f64) -> Self {
        self.mixed(other, part.clamp(0.0, 1.0))
    }

    fn mixed(self, other: Self, part: f64) -> Self {
        let mix =
            |from: u8, to: u8| (f64::from(from) + (f64::from(to) - f64::from(from)) * part).round() as u8;
        Self {
            red: mix(self.red, other.red),
            green: mix(self.green, other.green),
            blue: mix(self.blue, other.blue),
        }
    }

    fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.039_28 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }
}

/// What a component belongs to, as far as colour is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ComponentGroup {
    /// Further copies of management events, the ones that cost.
    ManagementCopies,
    /// Data events of any resource type.
    DataEvents,
    /// Network activity events.
    NetworkActivity,
    /// `CloudTrail` Insights.
    Insights,
    /// `CloudTrail` Lake: ingestion, retention, queries.
    Lake,
    /// Amazon S3: storage and requests.
    S3,
    /// AWS KMS requests.
    Kms,
    /// Amazon `CloudWatch` Logs delivery.
    CloudWatchLogs,
    /// Everything else, or the sum of the small ones.
    Other,
}

impl ComponentGroup {
    /// The group's colour.
    #[must_use]
    pub const fn colour(self) -> Colour {
        Colour::rgb(match self {
            Self::ManagementCopies => 0xE6_9F_00,
            Self::DataEvents => 0x00_72_B2,
            Self::NetworkActivity => 0x8C_6D_31,
            Self::Insights => 0x88_22_55,
            Self::Lake => 0xDD_CC_77,
            Self::S3 => 0x56_B4_E9,
            Self::Kms => 0x33_22_88,
            Self::CloudWatchLogs => 0xCC_66_77,
            Self::Other => 0xC3_CA_D1,
        })
    }
}

/// The colour of an S3 storage class: the colder, the darker.
#[must_use]
pub const fn storage_colour(class: StorageClass) -> Colour {
    Colour::rgb(match class {
        StorageClass::Standard => 0x56_B4_E9,
        StorageClass::StandardIa => 0x9B_D3_C4,
        StorageClass::OneZoneIa => 0xC5_CF_8A,
        StorageClass::IntelligentTiering => 0x44_AA_99,
        StorageClass::GlacierInstantRetrieval => 0x8F_8C_C7,
        StorageClass::GlacierFlexibleRetrieval => 0x3D_73_B4,
        StorageClass::DeepArchive => 0x2A_2B_6B,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GROUPS: [ComponentGroup; 9] = [
        ComponentGroup::ManagementCopies,
        ComponentGroup::DataEvents,
        ComponentGroup::NetworkActivity,
        ComponentGroup::Insights,
        ComponentGroup::Lake,
        ComponentGroup::S3,
        ComponentGroup::Kms,
        ComponentGroup::CloudWatchLogs,
        ComponentGroup::Other,
    ];

    #[test]
    fn text_is_readable_in_and_on_every_group_colour() {
        for group in GROUPS {
            let colour = group.colour();
            assert!(colour.as_text().contrast(Colour::PAPER) >= 4.5, "{group:?} as text");
            assert!(colour.contrast(colour.text_on_it()) >= 3.0, "on {group:?}");
        }
    }

    #[test]
    fn no_two_groups_share_a_colour() {
        for (at, one) in GROUPS.iter().enumerate() {
            assert!(GROUPS[at + 1..].iter().all(|two| two.colour() != one.colour()), "{one:?}");
        }
    }

    #[test]
    fn no_two_storage_classes_share_a_colour() {
        let colours: Vec<Colour> = StorageClass::NAMES
            .iter()
            .map(|name| storage_colour(StorageClass::from_name(name).unwrap()))
            .chain([ComponentGroup::CloudWatchLogs.colour()])
            .collect();
        for (at, one) in colours.iter().enumerate() {
            assert!(one.contrast(one.text_on_it()) >= 3.0, "on {one:?}");
            assert!(colours[at + 1..].iter().all(|two| two != one), "{one:?}");
        }
    }

    #[test]
    fn notation_is_red_green_blue() {
        assert_eq!(Colour::rgb(0x01_02_03), Colour { red: 1, green: 2, blue: 3 });
    }

    #[test]
    fn variants_get_lighter_and_stop() {
        let base = ComponentGroup::DataEvents.colour();
        assert_eq!(base.lighter(0), base);
        assert!(base.lighter(1).luminance() > base.luminance());
        assert_eq!(base.lighter(3), base.lighter(30));
    }
}
