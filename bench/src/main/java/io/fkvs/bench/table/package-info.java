/**
 * The comparison of tables: rivals behind one small facade, and a class for each question. {@code
 * io.fkvs.bench.jmh} runs them and reports.
 */
package io.fkvs.bench.table;
