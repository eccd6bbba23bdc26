/**
 * cert-manager's Certificate, as far as a Registry needs it. Its API may be absent, come later and
 * go again, which no watch survives: it is asked for by name.
 */
@NullMarked
package dev.berth.operator.certmanager;

import org.jspecify.annotations.NullMarked;
