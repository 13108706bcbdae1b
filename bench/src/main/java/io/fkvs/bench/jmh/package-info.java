/**
 * The command behind {@code bin/fkvs-jmh}: plans the measurements, runs them with JMH and in JVMs
 * of their own, and turns what they leave into a page, a summary, and a comparison of two runs.
 */
package io.fkvs.bench.jmh;
