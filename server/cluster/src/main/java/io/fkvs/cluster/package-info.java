/** Servers on several machines that act as one. */
package io.fkvs.cluster;
