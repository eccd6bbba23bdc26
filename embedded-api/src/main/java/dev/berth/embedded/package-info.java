/** A Kubernetes API in the process: what the quickstart and the operator's tests start. */
@NullMarked
package dev.berth.embedded;

import org.jspecify.annotations.NullMarked;
