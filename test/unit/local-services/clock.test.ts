import { afterEach, describe, expect, it, vi } from 'vitest';
import { MovableClock } from '../../../cdk/local/services/clock.ts';

const minute = 60_000;

describe('the movable clock', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('runs due callbacks in time order when advanced, each at its own moment', () => {
    vi.useFakeTimers({ now: 0 });
    const clock = new MovableClock();
    const seen: [string, number][] = [];
    clock.at(3 * minute, () => seen.push(['c', clock.now()]));
    clock.at(minute, () => seen.push(['a', clock.now()]));
    clock.at(minute, () => seen.push(['b', clock.now()]));
    clock.at(10 * minute, () => seen.push(['later', clock.now()]));
    clock.advance(5 * minute);
    expect(seen).toEqual([
      ['a', minute],
      ['b', minute],
      ['c', 3 * minute],
    ]);
    expect(clock.now()).toBe(5 * minute);
  });

  it('runs callbacks that callbacks ask for within the same advance', () => {
    vi.useFakeTimers({ now: 0 });
    const clock = new MovableClock();
    let fired = 0;
    const everyMinute = () => {
      fired += 1;
      clock.at(clock.now() + minute, everyMinute);
    };
    clock.at(minute, everyMinute);
    clock.advance(10 * minute);
    expect(fired).toBe(10);
  });

  it('fires by time passing, however far away', () => {
    vi.useFakeTimers({ now: 0 });
    const clock = new MovableClock({ offset: 7 });
    const fired: number[] = [];
    clock.at(60 * 24 * 60 * minute, () => fired.push(clock.now()));
    clock.at(100, () => fired.push(clock.now()));
    vi.advanceTimersByTime(92);
    expect(fired).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(fired).toEqual([100]);
    vi.advanceTimersByTime(60 * 24 * 60 * minute);
    expect(fired).toHaveLength(2);
  });

  it('does not call back what was cancelled, nor anything after a stop', () => {
    vi.useFakeTimers({ now: 0 });
    const clock = new MovableClock();
    const fired: string[] = [];
    const cancel = clock.at(10, () => fired.push('cancelled'));
    clock.at(20, () => fired.push('kept'));
    cancel();
    vi.advanceTimersByTime(30);
    clock.at(40, () => fired.push('stopped'));
    clock.stop();
    vi.advanceTimersByTime(30);
    expect(fired).toEqual(['kept']);
  });

  it('tells its offset so that it can be kept, and refuses to go back', () => {
    const offsets: number[] = [];
    const clock = new MovableClock({ offset: 5, onMove: (offset) => offsets.push(offset) });
    clock.advance(10);
    expect(offsets).toEqual([15]);
    expect(() => clock.advance(-1)).toThrow(RangeError);
  });
});
