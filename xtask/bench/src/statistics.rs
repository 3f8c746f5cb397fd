//! Medians and quantiles of what was measured in pairs.

use serde::{Deserialize, Serialize};

/// Five quantiles of a sample.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Serialize)]
pub(crate) struct Quantiles {
    pub(crate) q05: f64,
    pub(crate) q25: f64,
    pub(crate) median: f64,
    pub(crate) q75: f64,
    pub(crate) q95: f64,
}

impl Quantiles {
    /// Of a form that this machine does not have.
    pub(crate) const NONE: Quantiles =
        Quantiles { q05: 0.0, q25: 0.0, median: 0.0, q75: 0.0, q95: 0.0 };

    /// Of a sample that is not empty.
    pub(crate) fn of(
        sample: impl IntoIterator<Item = f64>,
    ) -> Option<Quantiles> {
        let mut sample: Vec<f64> =
            sample.into_iter().filter(|x| x.is_finite()).collect();
        sample.sort_by(f64::total_cmp);
        let last = sample.len().checked_sub(1)?;
        let at = |q: f64| {
            let place = q * last as f64;
            let (low, part) = (place.floor() as usize, place.fract());
            let high = (low + 1).min(last);
            round(sample[low] * (1.0 - part) + sample[high] * part)
        };
        Some(Quantiles {
            q05: at(0.05),
            q25: at(0.25),
            median: at(0.5),
            q75: at(0.75),
            q95: at(0.95),
        })
    }
}

/// To four significant digits, so that the committed file stays readable.
fn round(x: f64) -> f64 {
    if x == 0.0 {
        return 0.0;
    }
    let scale = 10f64.powi(3 - x.abs().log10().floor() as i32);
    let rounded = (x * scale).round() / scale;
    if rounded.abs() >= 1000.0 { rounded.round() } else { rounded }
}

#[cfg(test)]
mod tests {
    use super::Quantiles;

    #[test]
    fn of_a_hundred_and_one() {
        let found = Quantiles::of((0..=100).map(f64::from));
        let Some(found) = found else { panic!("no quantiles") };
        assert_eq!((found.q05, found.median, found.q95), (5.0, 50.0, 95.0));
    }

    #[test]
    fn of_nothing() {
        assert_eq!(Quantiles::of([]), None);
    }

    #[test]
    fn an_outlier_moves_no_median() {
        let found = Quantiles::of([1.0, 1.0, 1.01, 0.99, 900.0]);
        assert_eq!(found.map(|q| q.median), Some(1.0));
    }
}
