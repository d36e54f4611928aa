namespace System.Runtime.InteropServices;

/// <summary>Makes spans of references.</summary>
[Atoll.InterruptSafe, Atoll.NoPanic, Atoll.NoBlock]
public static class MemoryMarshal
{
    public static Span<T> CreateSpan<T>(ref T reference, int length) => new(ref reference, length);

    [Atoll.Trusted(Safety = "The reference goes into a span that cannot write through it.")]
    public static ReadOnlySpan<T> CreateReadOnlySpan<T>(ref readonly T reference, int length) =>
        new(ref CompilerServices.Unsafe.AsRef(in reference), length);
}
