//! The kinds of parts there are: a file each, and a row here.

mod button;
mod buzzer;
mod dht;
mod ds18b20;
mod ds3231;
mod i2c_module;
mod led;
mod lm75;
mod mpu6050;
mod neopixel;
mod photoresistor;
mod potentiometer;
mod relay;
mod resistor;
mod rgb_led;
mod rotary_encoder;
mod sd_card;
mod segments;
mod servo;
mod seven_segment;
mod shift_register;
mod slide_switch;
mod ssd1306;
mod tm1637;
mod ultrasonic;

use crate::part::{Kind, Setting};

/// All kinds, by name.
pub static ALL: &[&Kind] = &[
    &button::KIND,
    &buzzer::KIND,
    &dht::DHT11,
    &dht::DHT22,
    &ds18b20::KIND,
    &ds3231::KIND,
    &led::KIND,
    &lm75::KIND,
    &mpu6050::KIND,
    &neopixel::KIND,
    &photoresistor::KIND,
    &potentiometer::KIND,
    &relay::KIND,
    &resistor::KIND,
    &rgb_led::KIND,
    &rotary_encoder::KIND,
    &sd_card::KIND,
    &servo::KIND,
    &seven_segment::KIND,
    &shift_register::KIND,
    &slide_switch::KIND,
    &ssd1306::KIND,
    &tm1637::KIND,
    &ultrasonic::KIND,
];

/// The kind with this name.
pub fn find(name: &str) -> Option<&'static Kind> {
    ALL.iter().find(|k| k.name == name).copied()
}

impl Kind {
    /// The setting with this name.
    pub fn setting(&self, name: &str) -> Option<&Setting> {
        self.settings.iter().find(|s| s.name == name)
    }
}
