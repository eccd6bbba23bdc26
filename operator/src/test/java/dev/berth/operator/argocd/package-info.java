/** What Argo CD makes of Berth's objects: its health checks, run as Argo CD runs them. */
@NullMarked
package dev.berth.operator.argocd;

import org.jspecify.annotations.NullMarked;
