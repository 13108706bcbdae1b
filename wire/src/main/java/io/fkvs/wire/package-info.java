/**
 * The wire protocols of fkvs: how requests and replies lie in memory, read and written in place.
 */
package io.fkvs.wire;
