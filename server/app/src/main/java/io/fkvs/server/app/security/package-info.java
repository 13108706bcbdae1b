/** Secrets from files, for the server and for the command line client. */
package io.fkvs.server.app.security;
