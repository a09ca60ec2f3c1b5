import { byId, number, say } from './dom.js';
import uPlot from './uPlot.js';

/** @typedef {import('./server.js').PageCounts['timeline']} Timeline */

const height = 180;

/** One line over time, drawn anew when the window or the colours change. */
class Chart {
  /** @type {uPlot | undefined} */
  #plot;
  /** @type {uPlot.AlignedData} */
  #data = [[], []];

  /**
   * @param {HTMLElement} place
   * @param {string} label
   * @param {'bars' | 'points'} kind
   */
  constructor(place, label, kind) {
    this.place = place;
    this.label = label;
    this.kind = kind;
    new ResizeObserver(() => this.#plot?.setSize(this.size())).observe(place);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.draw());
  }

  /** @param {uPlot.AlignedData} data */
  show(data) {
    this.#data = data;
    if (this.#plot === undefined) this.draw();
    else this.#plot.setData(data);
  }

  draw() {
    this.#plot?.destroy();
    const style = getComputedStyle(this.place);
    /** @param {string} name */
    const colour = (name) => style.getPropertyValue(name).trim();
    const axis = { stroke: colour('--quiet'), grid: { stroke: colour('--grid') }, ticks: { stroke: colour('--grid') } };
    const stroke = colour('--accent');
    const paths = uPlot.paths.bars?.({ size: [0.9, 20] });
    const look =
      this.kind === 'bars'
        ? { stroke, fill: stroke, ...(paths && { paths }), points: { show: false } }
        : { stroke, width: 2, spanGaps: true, points: { show: true, size: 5, fill: stroke } };
    this.#plot = new uPlot(
      {
        ...this.size(),
        legend: { show: false },
        cursor: { show: false },
        scales: { y: { range: (_, _least, most) => [0, Math.max(1, most * 1.1)] } },
        axes: [
          { ...axis, values: times, space: 80 },
          { ...axis, size: 60 },
        ],
        series: [{}, { label: this.label, ...look }],
      },
      this.#data,
      this.place,
    );
  }

  size() {
    return { width: Math.max(200, this.place.clientWidth), height };
  }
}

/**
 * @param {unknown} _
 * @param {readonly number[]} seconds
 */
function times(_, seconds) {
  return seconds.map((second) => new Date(second * 1000).toISOString().slice(11, 19));
}

/** @type {{ throughput: Chart, delay: Chart } | undefined} */
let charts;

/** @param {Timeline} timeline */
export function showTimeline({ seconds, records, delayMs }) {
  charts ??= {
    throughput: new Chart(byId('throughput', HTMLElement), 'records', 'bars'),
    delay: new Chart(byId('delay', HTMLElement), 'seconds', 'points'),
  };
  charts.throughput.show([[...seconds], [...records]]);
  charts.delay.show([[...seconds], delayMs.map((ms) => (ms === null ? null : ms / 1000))]);
  const known = delayMs.filter((ms) => ms !== null);
  const minutes = Math.max(1, Math.ceil(seconds.length / 60));
  const last = `Last ${minutes === 1 ? 'minute' : `${minutes} minutes`}`;
  const busiest = records.reduce((most, one) => Math.max(most, one), 0);
  const sum = records.reduce((total, one) => total + one, 0);
  say(
    byId('throughput-text', HTMLElement),
    `${last}: ${number(sum)} records; ${number(busiest)} in the busiest second, ${number(records.at(-2) ?? 0)} in the last one.`,
  );
  const slowest = known.reduce((most, one) => Math.max(most, one), 0);
  const newest = known.at(-1) ?? 0;
  say(
    byId('delay-text', HTMLElement),
    known.length === 0
      ? `${last}: no batch was settled.`
      : `${last}: at most ${(slowest / 1000).toFixed(1)} s; ${(newest / 1000).toFixed(1)} s when the last batch was settled.`,
  );
}
