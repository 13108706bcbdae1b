/** Consensus by Apache Ratis, an implementation of Raft. */
package io.fkvs.cluster.ratis;
