/**
 * What a server wants of the cluster that it is a member of. It replicates by carrying out the same
 * requests in the same order as the other members, with the same clock.
 */
package io.fkvs.server.replication;
