/**
 * The comparison of servers: starts each that is installed, puts the same load on all, and writes
 * the published report. Traffic stays on the loopback interface.
 */
package io.fkvs.load.compare;
