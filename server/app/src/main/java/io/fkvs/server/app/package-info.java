/**
 * The server as a program: its flags, its configuration file and its log around a {@link
 * io.fkvs.server.Server}.
 */
package io.fkvs.server.app;
