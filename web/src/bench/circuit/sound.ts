// What buzzers sound like, for who wants to hear it.

/** How loud one is: several must not be too much for a classroom. */
const LOUD = 0.03;
/** Seconds from silence to sound, so that nothing clicks. */
const FADE = 0.008;
/** What ears and speakers are made for. */
const [LOWEST, HIGHEST] = [20, 16_000];

const KEY = "coil.sound";

interface Voice {
  oscillator: OscillatorNode;
  gain: GainNode;
}

export class Sound {
  isOn = recall();
  #context: AudioContext | undefined;
  readonly #voices = new Map<string, Voice>();
  #tones: ReadonlyMap<string, number> = new Map();

  /** Heard from now on, or not; a browser wants this to be somebody's click. */
  toggle(): void {
    this.isOn = !this.isOn;
    try {
      localStorage.setItem(KEY, String(this.isOn));
    } catch {
      // It is silent next time.
    }
    this.play(this.#tones);
  }

  /** Parts and the tones that they sound at, in Hz; 0 for silence. */
  play(tones: ReadonlyMap<string, number>): void {
    this.#tones = tones;
    const isHeard = (hz: number | undefined) => this.isOn && hz !== undefined && hz >= LOWEST && hz <= HIGHEST;
    if (!this.#context && ![...tones.values()].some(isHeard)) return;
    const context = (this.#context ??= new AudioContext());
    if (this.isOn && context.state === "suspended") void context.resume();
    for (const [part, hz] of tones) {
      if (!isHeard(hz)) continue;
      const voice = this.#voices.get(part) ?? this.#voice(context, part);
      voice.oscillator.frequency.setTargetAtTime(hz, context.currentTime, FADE / 4);
      voice.gain.gain.setTargetAtTime(LOUD, context.currentTime, FADE);
    }
    for (const [part, { gain }] of this.#voices) if (!isHeard(tones.get(part))) gain.gain.setTargetAtTime(0, context.currentTime, FADE);
  }

  #voice(context: AudioContext, part: string): Voice {
    const [oscillator, gain] = [context.createOscillator(), context.createGain()];
    oscillator.type = "square";
    gain.gain.value = 0;
    oscillator.connect(gain).connect(context.destination);
    oscillator.start();
    const voice = { oscillator, gain };
    this.#voices.set(part, voice);
    return voice;
  }
}

function recall(): boolean {
  try {
    return localStorage.getItem(KEY) === "true";
  } catch {
    return false;
  }
}
