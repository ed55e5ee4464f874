//! Pages of lists, in M2X's form.

use serde_json::{Value, json};

use crate::api::{Shape, whole};
use crate::error::ApiError;
use crate::input::Input;

/// Things on a page at most.
const MAX: i64 = 100;

/// How a call says which page it wants.
pub(super) fn asked() -> [(&'static str, Shape); 2] {
    [("page?", whole()), ("limit?", whole())]
}

/// The page that a call wants.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paging {
    page: i64,
    limit: i64,
}

impl Paging {
    pub(super) fn parse(input: &Input) -> Result<Self, ApiError> {
        Self::with_limits(input, MAX, MAX)
    }

    pub(super) fn with_limits(input: &Input, usual: i64, most: i64) -> Result<Self, ApiError> {
        let limit = input.whole("limit")?.unwrap_or(usual).min(most);
        Ok(Self { page: input.whole("page")?.unwrap_or(1).max(1), limit })
    }

    /// `{"<name>": […], "total", "pages", "limit", "current_page"}`
    pub(super) fn answer<T>(
        self,
        name: &str,
        items: Vec<T>,
        show: impl FnMut(&T) -> Result<Value, ApiError>,
    ) -> Result<Value, ApiError> {
        let total = i64::try_from(items.len()).unwrap_or(i64::MAX);
        let pages = if self.limit == 0 { 0 } else { (total + self.limit - 1) / self.limit };
        let skipped =
            usize::try_from((self.page - 1).saturating_mul(self.limit)).unwrap_or(usize::MAX);
        let taken = usize::try_from(self.limit).unwrap_or_default();
        let shown: Vec<Value> =
            items.iter().skip(skipped).take(taken).map(show).collect::<Result<_, _>>()?;
        Ok(json!({
            name: shown,
            "total": total,
            "pages": pages,
            "limit": self.limit,
            "current_page": self.page,
        }))
    }
}
