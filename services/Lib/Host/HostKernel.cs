using System;
using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>What a host test puts in the place of the kernel.</summary>
public interface IHostKernel
{
    /// <summary>The time-stamp counter.</summary>
    ulong Now { get; }

    /// <summary>Does a system call: arguments become results.</summary>
    void Do(ref CallFrame frame);
}

/// <summary>The kernel of the calling thread, in host tests.</summary>
public static class HostKernel
{
    [ThreadStatic]
    private static IHostKernel? t_current;

    /// <summary>The kernel of the calling thread.</summary>
    public static IHostKernel Current
    {
        get => t_current ?? throw new InvalidOperationException("HostKernel.Current is not set: the test must say what system calls do");
        set => t_current = value;
    }
}
