//! The way into a camera's pictures: configured, off by default, and every look recorded.

use cim_access::Scope;
use cim_model::Collection;
use serde::Serialize;

use super::store_error::failed;
use super::things::not_found;
use crate::linkage::lens_of;
use crate::{City, CityError, refusal};

/// Stands in a template for the camera's id.
const PLACE: &str = "{gb_id}";
/// A purpose is a sentence.
const MOST_PURPOSE_CHARS: usize = 200;

/// Where pictures come from. Nothing of it is fetched here: addresses are handed to whoever may look.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VideoOptions {
    /// The address of a player, with `{gb_id}` in the place of the camera's id.
    pub player_url: Option<String>,
    /// The address of the last still picture, likewise.
    pub still_url: Option<String>,
}

/// A template that leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no template: give an http or https address with {PLACE} in the place of the camera's id")]
pub struct VideoUrlError(String);

/// The way into a camera's pictures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VideoAnswer {
    /// The GB/T 28181 id.
    pub id: String,
    /// A page that plays it.
    pub player_url: Option<String>,
    /// Its last still picture.
    pub still_url: Option<String>,
    /// The pictures are made up.
    pub synthetic: bool,
}

impl VideoOptions {
    /// Checks a template as it is configured.
    pub fn template(text: &str) -> Result<String, VideoUrlError> {
        let is_web = text.starts_with("https://") || text.starts_with("http://");
        if is_web && text.contains(PLACE) { Ok(text.to_owned()) } else { Err(VideoUrlError(text.to_owned())) }
    }
}

impl City {
    /// The way into a camera's pictures; recorded with its purpose before it is told.
    pub async fn camera_video(
        &self,
        scope: &Scope,
        actor: &str,
        gb_id: &str,
        purpose: &str,
    ) -> Result<VideoAnswer, CityError> {
        let length = purpose.trim().chars().count();
        if length == 0 || length > MOST_PURPOSE_CHARS {
            let message = format!("say in at most {MOST_PURPOSE_CHARS} characters what the look is for");
            return Err(CityError::Refused(vec![refusal("purpose", purpose, &message)]));
        }
        let version = self.version_for(scope)?;
        let synthetic = version.sources.iter().any(|source| source.synthetic);
        let camera = version.view(Collection::Camera).with_key(gb_id);
        camera.ok_or_else(|| not_found(Collection::Camera, gb_id))?;
        let video = &self.inner.options.video;
        if video.player_url.is_none() && video.still_url.is_none() && !synthetic {
            return Err(CityError::NotFound { what: "video", name: gb_id.to_owned() });
        }
        self.inner.store.record_look_up(gb_id, purpose.trim(), actor).await.map_err(failed)?;
        // Ids of the standard are digits; anything else in one must not lead elsewhere.
        let id: String = gb_id.chars().filter(char::is_ascii_alphanumeric).collect();
        let filled = |template: &Option<String>| template.as_ref().map(|text| text.replace(PLACE, &id));
        let drawn = || synthetic.then(|| format!("/v1/cameras/{id}/still"));
        Ok(VideoAnswer {
            id: gb_id.to_owned(),
            player_url: filled(&video.player_url),
            still_url: filled(&video.still_url).or_else(drawn),
            synthetic,
        })
    }

    /// A still picture that the demo makes up, as SVG: what the camera would look at, marked as synthetic.
    pub fn synthetic_still(&self, scope: &Scope, gb_id: &str) -> Result<String, CityError> {
        let version = self.version_for(scope)?;
        let none = || CityError::NotFound { what: "video", name: gb_id.to_owned() };
        if !version.sources.iter().any(|source| source.synthetic) {
            return Err(none());
        }
        let camera = version.view(Collection::Camera).with_key(gb_id).ok_or_else(none)?;
        let lens = lens_of(camera).ok_or_else(none)?;
        let name = camera.text_of("name").unwrap_or_default();
        Ok(drawing(gb_id, name, lens, &self.as_of()))
    }
}

/// A street under a sky, the lines of which run to where the camera looks.
fn drawing(gb_id: &str, name: &str, (azimuth, range_m): (Option<f64>, f64), time: &str) -> String {
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let vanishing = 320.0 + azimuth.map_or(0.0, |degrees| degrees.to_radians().sin() * 160.0);
    let direction = azimuth.map_or_else(|| "转动".to_owned(), |degrees| format!("{degrees:.0}°"));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 640 360\" font-family=\"sans-serif\">\
         <rect width=\"640\" height=\"360\" fill=\"#9fb4c4\"/><rect y=\"170\" width=\"640\" height=\"190\" fill=\"#6d7a6a\"/>\
         <path d=\"M60 360 L{vanishing:.0} 170 L580 360 Z\" fill=\"#55595c\"/>\
         <path d=\"M318 360 L{vanishing:.0} 170 L322 360 Z\" fill=\"#e8e2c8\"/>\
         <text x=\"16\" y=\"30\" fill=\"#fff\" font-size=\"18\">{}</text>\
         <text x=\"16\" y=\"52\" fill=\"#fff\" font-size=\"13\">{} · {direction} · {range_m:.0} m</text>\
         <text x=\"16\" y=\"346\" fill=\"#fff\" font-size=\"13\">{}</text>\
         <text x=\"624\" y=\"346\" fill=\"#ffd54f\" font-size=\"15\" text-anchor=\"end\">合成画面 SYNTHETIC</text></svg>",
        escaped(name),
        escaped(gb_id),
        escaped(time)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_a_web_address_with_a_place_for_the_camera() {
        assert!(VideoOptions::template("https://video.example/play?id={gb_id}").is_ok());
        for wrong in ["https://video.example/play", "javascript:alert({gb_id})", "{gb_id}", ""] {
            assert!(VideoOptions::template(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn names_in_a_drawing_are_text() {
        let drawing = drawing("1", "<script>", (None, 80.0), "now");
        assert!(drawing.contains("&lt;script&gt;") && drawing.contains("SYNTHETIC"));
    }
}
