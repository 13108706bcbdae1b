/** The command line client: parsing what is typed, asking the server, printing what it says. */
package io.fkvs.server.app.cli;
