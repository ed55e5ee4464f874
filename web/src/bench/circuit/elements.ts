// The pictures of `@wokwi/elements` that are used: each import makes its tag known.
import "@wokwi/elements/dist/esm/7segment-element.js";
import "@wokwi/elements/dist/esm/buzzer-element.js";
import "@wokwi/elements/dist/esm/dht22-element.js";
import "@wokwi/elements/dist/esm/hc-sr04-element.js";
import "@wokwi/elements/dist/esm/ky-040-element.js";
import "@wokwi/elements/dist/esm/led-element.js";
import "@wokwi/elements/dist/esm/microsd-card-element.js";
import "@wokwi/elements/dist/esm/mpu6050-element.js";
import "@wokwi/elements/dist/esm/photoresistor-sensor-element.js";
import "@wokwi/elements/dist/esm/potentiometer-element.js";
import "@wokwi/elements/dist/esm/pushbutton-element.js";
import "@wokwi/elements/dist/esm/resistor-element.js";
import "@wokwi/elements/dist/esm/rgb-led-element.js";
import "@wokwi/elements/dist/esm/servo-element.js";
import "@wokwi/elements/dist/esm/slide-switch-element.js";
import "@wokwi/elements/dist/esm/ssd1306-element.js";

/** What all of them have. */
export interface WokwiElement extends HTMLElement {
  readonly pinInfo: { name: string; x: number; y: number }[];
}

export const make = (tag: string): WokwiElement => document.createElement(tag) as WokwiElement;
