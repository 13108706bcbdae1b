/** TLS over any transport: the JDK's {@link javax.net.ssl.SSLEngine} behind channels. */
package io.fkvs.server.transport.tls;
