using System.Runtime.CompilerServices;

namespace System.Runtime.Intrinsics.X86;

/// <summary>Instructions that every x86-64 CPU has. The JIT replaces the bodies.</summary>
[Intrinsic]
public abstract class X86Base
{
    public static bool IsSupported
    {
        [Intrinsic]
        get => IsSupported;
    }

    /// <summary>PAUSE: a spinning core lets others have its share.</summary>
    [Intrinsic]
    public static void Pause() => Pause();
}

/// <summary>Prefetches of SSE.</summary>
[Intrinsic]
public abstract unsafe class Sse
{
    public static bool IsSupported
    {
        [Intrinsic]
        get => IsSupported;
    }

    /// <summary>PREFETCHT0: a hint, which never faults.</summary>
    [Intrinsic]
    public static void Prefetch0(void* address) => Prefetch0(address);
}

/// <summary>Fences of SSE2.</summary>
[Intrinsic]
public abstract class Sse2
{
    public static bool IsSupported
    {
        [Intrinsic]
        get => IsSupported;
    }

    /// <summary>MFENCE.</summary>
    [Intrinsic]
    public static void MemoryFence() => MemoryFence();

    /// <summary>LFENCE.</summary>
    [Intrinsic]
    public static void LoadFence() => LoadFence();
}
