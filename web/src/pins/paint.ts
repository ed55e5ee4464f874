// The colours of the picture, as the page's style has them.
import { COLORS } from "./rows.ts";

export interface Paint {
  ink: string;
  faint: string;
  line: string;
  paper: string;
  sheet: string;
  accent: string;
  onAccent: string;
  bad: string;
  good: string;
  warn: string;
  rows: string[];
  mono: string;
}

export function paintOf(element: Element): Paint {
  const style = getComputedStyle(element);
  // Colours may be `light-dark(…)`, which a canvas does not know: what it comes to is asked of an element.
  const probe = document.createElement("i");
  element.append(probe);
  const color = (name: string) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const paint: Paint = {
    ink: color("--ink"),
    faint: color("--faint"),
    line: color("--line"),
    paper: color("--paper"),
    sheet: color("--sheet"),
    accent: color("--accent"),
    onAccent: color("--on-accent"),
    bad: color("--bad"),
    good: color("--good"),
    warn: color("--warn"),
    rows: Array.from({ length: COLORS }, (_, nth) => color(`--plot-${nth + 1}`)),
    mono: style.getPropertyValue("--mono").trim() || "monospace",
  };
  probe.remove();
  return paint;
}
