/**
 * What the load generator says to a server and how it judges the answer: request templates, reply
 * patterns and reply parsers for fkvs classic, fkvs compact, RESP and memcached's meta commands.
 */
package io.fkvs.load.dialect;
