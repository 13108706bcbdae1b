/**
 * Checks a server by what its clients were told. {@link io.fkvs.history.Recorder} runs a random
 * workload over many connections and notes each request, its answer and when it was under way;
 * {@link io.fkvs.history.Linearizability} says whether some order of the requests explains all
 * answers; {@link io.fkvs.history.OrderCheck} whether writes of one connection become visible in
 * their order; {@link io.fkvs.history.CrossingCheck} whether a connection reads what is as new as
 * its writes.
 *
 * <pre>{@code
 * Target target = SocketTarget.of(address);
 * History history = Recorder.record(target, Workload.defaults());
 * Verdict verdict = Linearizability.check(history);
 * if (!verdict.isLinearizable()) {
 *   throw new AssertionError(verdict.toString());
 * }
 * }</pre>
 *
 * <p>Keys and values are text in which a character from 0 to 255 stands for a byte (ISO 8859-1).
 * All records are immutable, for any thread. Time to live is no part of what is checked.
 */
package io.fkvs.history;
