/** How good a state is. Each has a shape of its own on the page: colour is never the only sign. */
export type Tone = 'good' | 'warning' | 'bad' | 'waiting' | 'paused' | 'neutral';
