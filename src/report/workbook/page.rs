//! A sheet that is being written.

use super::cells::cell_text;
use super::styles::Styles;
use crate::domain::Month;
use rust_decimal::Decimal;
use rust_xlsxwriter::{
    DataValidation, DataValidationRule, ExcelDateTime, Format, Formula, Worksheet, XlsxError,
    column_number_to_name,
};

/// A4, as Excel numbers paper.
const A4: u8 = 9;

/// The result of writing.
pub(super) type Written = Result<(), XlsxError>;

/// A sheet that is being written.
pub(super) struct Page<'a> {
    pub(super) sheet: Worksheet,
    pub(super) styles: &'a Styles,
}

impl<'a> Page<'a> {
    /// Begins a sheet with its title, and a line that says what it is for. It is printed on A4 across, a page wide.
    pub(super) fn new(name: &str, title: &str, about: &str, styles: &'a Styles) -> Result<Self, XlsxError> {
        let mut sheet = Worksheet::new();
        sheet.set_name(name)?;
        sheet.set_paper_size(A4).set_landscape().set_print_fit_to_pages(1, 0);
        sheet.set_footer("&L&8trailcost&C&8&A&R&8&P / &N");
        sheet.set_screen_gridlines(false);
        let mut page = Self { sheet, styles };
        page.text(0, 0, title, &styles.title)?;
        page.sheet.set_row_height(0, 26)?;
        page.text(1, 0, about, &styles.subtitle)?;
        Ok(page)
    }

    /// Writes a text, which stays a text whatever it begins with.
    pub(super) fn text(&mut self, row: u32, column: u16, text: &str, format: &Format) -> Written {
        self.sheet.write_string_with_format(row, column, cell_text(text), format).map(|_| ())
    }

    /// Writes a figure.
    pub(super) fn number(&mut self, row: u32, column: u16, value: Decimal, format: &Format) -> Written {
        self.sheet.write_with_format(row, column, value, format).map(|_| ())
    }

    /// Writes a formula with the result that a reader sees before it is computed anew.
    pub(super) fn formula(
        &mut self,
        at: (u32, u16),
        formula: &str,
        result: Decimal,
        format: &Format,
    ) -> Written {
        let formula = Formula::new(formula).set_result(result.to_string());
        self.sheet.write_formula_with_format(at.0, at.1, formula, format).map(|_| ())
    }

    /// Writes a month, as the date of its first day.
    pub(super) fn month(&mut self, row: u32, column: u16, month: Month, format: &Format) -> Written {
        let date = ExcelDateTime::parse_from_str(&month.first_day().to_string())?;
        self.sheet.write_datetime_with_format(row, column, &date, format).map(|_| ())
    }

    /// Writes headings from the first column on; those after `texts` stand over figures.
    pub(super) fn headings(&mut self, row: u32, headings: &[&str], texts: usize) -> Written {
        for (heading, column) in headings.iter().zip(0_u16..) {
            let is_text = usize::from(column) < texts;
            let format = if is_text { &self.styles.heading } else { &self.styles.heading_right };
            self.text(row, column, heading, format)?;
        }
        Ok(())
    }

    /// Sets the widths of columns from the first on.
    pub(super) fn widths(&mut self, widths: &[u8]) -> Written {
        for (&width, column) in widths.iter().zip(0..) {
            self.sheet.set_column_width(column, width)?;
        }
        Ok(())
    }

    /// Lets only figures from zero on be entered.
    pub(super) fn only_figures(&mut self, first: (u32, u16), last: (u32, u16)) -> Written {
        let rule = DataValidation::new()
            .allow_decimal_number_formula(DataValidationRule::GreaterThanOrEqualTo(Formula::new("0")))
            .set_error_title("A figure is needed")?
            .set_error_message("Enter a number that is not below zero.")?;
        self.sheet.add_data_validation(first.0, first.1, last.0, last.1, &rule).map(|_| ())
    }

    /// Repeats the rows up to `row` on every printed page and keeps them and the first columns in view.
    pub(super) fn freeze(&mut self, row: u32, column: u16) -> Written {
        self.sheet.set_freeze_panes(row, column)?;
        self.sheet.set_repeat_rows(row.saturating_sub(1), row.saturating_sub(1)).map(|_| ())
    }
}

/// A cell of another sheet, fixed: `Prices!$H$5`.
pub(super) fn fixed(sheet: &str, row: u32, column: u16) -> String {
    format!("{sheet}!${}${}", column_number_to_name(column), row + 1)
}

/// A cell of another sheet whose row stays when it is copied across: `Growth!G$5`.
pub(super) fn across(sheet: &str, row: u32, column: u16) -> String {
    format!("{sheet}!{}${}", column_number_to_name(column), row + 1)
}

/// A cell of the same sheet: `G12`.
pub(super) fn cell(row: u32, column: u16) -> String {
    format!("{}{}", column_number_to_name(column), row + 1)
}

/// Cells of the same sheet: `G12:R12`.
pub(super) fn cells(first: (u32, u16), last: (u32, u16)) -> String {
    format!("{}:{}", cell(first.0, first.1), cell(last.0, last.1))
}
