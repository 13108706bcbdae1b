package io.fkvs.server;

/** placeholder */
class UringRefusalTest {}
