using System.Runtime.CompilerServices;

namespace Atoll.Base;

/// <summary>States what must be true. A false check is a bug in Atoll, never a bad request.</summary>
[InterruptSafe, NoBlock]
public static class Check
{
    /// <summary>Ends this instance when <paramref name="condition"/> is false.</summary>
    /// <remarks>
    /// Carries no text: the panic record holds the return address, and the linker's map turns it into file and line.
    /// Bad requests are answered with a result enum instead.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void That(bool condition)
    {
        if (!condition)
        {
            Arch.Panic.Halt();
        }
    }
}
