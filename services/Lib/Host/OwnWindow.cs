using System;
using System.Runtime.InteropServices;
using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>The program's window, in host tests: memory of the calling thread, in which a test plays the devices.</summary>
public static unsafe class OwnWindow
{
    [ThreadStatic]
    private static byte* t_memory;

    /// <summary>A page of the window.</summary>
    public static Span<byte> Page(uint place) => new((byte*)Of(ProgramInformation.WindowAddress + (place * ImageLayout.PageSizeBytes)), (int)ImageLayout.PageSizeBytes);

    internal static ulong Of(ulong address)
    {
        const ulong bytes = ProgramInformation.WindowEnd - ProgramInformation.WindowAddress;
        t_memory = t_memory == null ? (byte*)NativeMemory.AllocZeroed((nuint)bytes) : t_memory;
        return (ulong)t_memory + (address - ProgramInformation.WindowAddress);
    }
}
