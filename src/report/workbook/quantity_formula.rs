//! Formulas of quantities: growth, rounded as usage is rounded.

use crate::domain::{BYTES_PER_GB, Unit};

/// Returns the formula of a month's quantity: a volume times a growth factor.
///
/// A factor of 1 changes nothing. Counts are rounded to whole ones, halves to the even one; a product that is within a
/// rounding error of a half is one. GB are rounded to whole bytes, everything else at twelve digits after the point.
pub(super) fn grown(volume: &str, factor: &str, unit: &Unit) -> String {
    let product = format!("{volume}*{factor}");
    let rounded = if unit.is_whole() {
        format!(
            "IF(ABS({product}-INT({product})-0.5)<={product}*4E-16,2*ROUND({product}/2,0),ROUND({product},0))"
        )
    } else if unit.parts() == BYTES_PER_GB {
        format!("ROUND({product}*{BYTES_PER_GB},0)/{BYTES_PER_GB}")
    } else {
        format!("ROUND({product},12)")
    };
    format!("=IF({factor}=1,{volume},{rounded})")
}

/// Returns the formula of a month's quantity that has its own course: in proportion to that of the first month.
pub(super) fn in_proportion(own: &str, volume: &str, first: &str, unit: &Unit) -> String {
    let product = format!("{own}*({volume}/{first})");
    if unit.is_whole() { format!("=ROUND({product},0)") } else { format!("={product}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_unit_is_rounded_as_usage_is() {
        for (unit, expected) in [
            ("Events", "=IF(F=1,V,IF(ABS(V*F-INT(V*F)-0.5)<=V*F*4E-16,2*ROUND(V*F/2,0),ROUND(V*F,0)))"),
            ("GB", "=IF(F=1,V,ROUND(V*F*1073741824,0)/1073741824)"),
            ("GB-Mo", "=IF(F=1,V,ROUND(V*F,12))"),
        ] {
            assert_eq!(grown("V", "F", &Unit::new(unit)), expected);
        }
        assert_eq!(in_proportion("G9", "V", "$G9", &Unit::new("Requests")), "=ROUND(G9*(V/$G9),0)");
        assert_eq!(in_proportion("G9", "V", "$G9", &Unit::new("GB")), "=G9*(V/$G9)");
    }
}
