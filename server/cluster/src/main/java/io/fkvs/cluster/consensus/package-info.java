/** What a cluster wants of an engine for consensus, and the engines that give it. */
package io.fkvs.cluster.consensus;
