using System.Runtime;
using System.Runtime.CompilerServices;

namespace Internal.Runtime.CompilerHelpers;

/// <summary>What compiled code calls when a check of the language fails. The kernel does not throw: it panics.</summary>
public static class ThrowHelpers
{
    /// <summary>An index outside a span or an inline array.</summary>
    public static void ThrowIndexOutOfRangeException() => Stop();

    /// <summary>Demanded by ILC: the body of a feature that was left out.</summary>
    public static void ThrowFeatureBodyRemoved() => Stop();

    /// <summary>A hardware intrinsic that did not expand.</summary>
    public static void ThrowPlatformNotSupportedException() => Stop();

    private static void Stop()
    {
        CheckFailed();
        while (true)
        {
        }
    }

    // Raises the trap that Check.That raises too; the unwound return address tells which check it was.
    [RuntimeImport("*", "x64_check_failed")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void CheckFailed();
}
