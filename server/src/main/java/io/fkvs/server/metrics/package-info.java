/** Figures for those who watch a server: their text, and the port where it can be read. */
package io.fkvs.server.metrics;
