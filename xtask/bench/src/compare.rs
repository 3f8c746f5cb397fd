//! Two files of results beside each other: which ratios differ, worst first.

use std::fmt::Write;

use crate::results::{Form, Results};

/// What two runs say of the same forms.
#[derive(Debug)]
pub(crate) struct Comparison {
    pub(crate) text: String,
    /// How many differ by more than was allowed.
    pub(crate) differ: usize,
}

/// Lists the forms whose median ratios differ by more than so many percent.
pub(crate) fn compare(old: &Results, new: &Results, within: f64) -> Comparison {
    let both = old.rows.iter().flat_map(|(row, before)| {
        let after = new.rows.get(row);
        before.forms.iter().filter_map(move |a| {
            let same = |b: &&Form| b.form == a.form;
            let b = after?.forms.iter().find(same)?;
            let (from, to) = (a.ratio?.median, b.ratio?.median);
            let percent = ((from / to).max(to / from) - 1.0) * 100.0;
            let wide = a.range().is_some() || b.range().is_some();
            Some((percent, row, &a.form, from, to, wide))
        })
    });
    let both: Vec<_> = both.collect();
    let mut apart: Vec<_> = both.iter().filter(|x| x.0 > within).collect();
    apart.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut text = String::new();
    for (percent, row, form, from, to, wide) in &apart {
        let note = if *wide { "  given as a range" } else { "" };
        let form = form.replace('`', "");
        let _ = writeln!(
            text,
            "{percent:>5.0} %  {row:14} {form:40} {from:>9} → {to}{note}"
        );
    }
    let wide = apart.iter().filter(|x| x.5).count();
    let _ = writeln!(
        text,
        "{} of {} forms differ by more than {within} %; {wide} of these are given \
         as a range",
        apart.len(),
        both.len()
    );
    Comparison { text, differ: apart.len() }
}

#[cfg(test)]
mod tests {
    use super::compare;
    use crate::results::{Form, Results, Row};
    use crate::statistics::Quantiles;

    fn results(medians: &[f64]) -> Results {
        let ratio = |x| Quantiles { median: x, ..Quantiles::NONE };
        let form = |(i, x): (usize, &f64)| Form {
            form: format!("form {i}"),
            ratio: Some(ratio(*x)),
            lives: if i == 2 { vec![1.0, 2.0] } else { vec![1.0, 1.1] },
            ..Form::default()
        };
        let forms = medians.iter().enumerate().map(form).collect();
        let row = Row { forms, ..Row::default() };
        let rows = [("row".to_owned(), row)].into();
        Results { rows, ..Results::default() }
    }

    #[test]
    fn the_worst_first_and_a_count() {
        let (old, new) =
            (results(&[1.0, 1.0, 1.0]), results(&[1.05, 0.8, 2.0]));
        let found = compare(&old, &new, 10.0);
        let lines: Vec<&str> = found.text.lines().collect();
        assert_eq!(found.differ, 2);
        assert!(lines[0].starts_with("  100 %  row            form 2"));
        assert!(lines[0].ends_with("a range") && !lines[1].ends_with("range"));
        assert!(lines[1].starts_with("   25 %"));
        assert!(
            lines[2].starts_with("2 of 3 forms differ by more than 10 %; 1")
        );
    }

    #[test]
    fn a_run_beside_itself() {
        let run = results(&[1.0, 3.0]);
        assert_eq!(compare(&run, &run, 10.0).differ, 0);
    }
}
