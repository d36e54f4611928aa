using System.Runtime.InteropServices;
using Atoll.Coordinator;
using Atoll.Kernel.Tests.Multikernel.Channels;

namespace Atoll.Kernel.Tests.Multikernel;

/// <summary>A simulated machine that runs no workload and makes channels: what its programs do is for a simulation to say.</summary>
internal sealed unsafe class ChannelMachine : IDisposable
{
    // Identifiers of an xAPIC have 8 bits, and 255 is everybody.
    private const int XApicCoresMost = 255;

    private readonly void* _records;

    /// <summary>Makes one.</summary>
    /// <param name="random">Decides all else.</param>
    /// <param name="cores">Cores.</param>
    /// <param name="kills">Members that die, at moments that a seed decides.</param>
    public ChannelMachine(Random random, int cores, int kills)
    {
        string line = $"workload=none end=never idle.turns={random.Next(20)}" + (kills == 0 ? "" : $" kills={kills} seed={random.Next(1000)}");
        Multikernel = new SimulatedMultikernel(cores, random, line, x2Apic: random.Next(2) == 0 || cores > XApicCoresMost);
        nuint bytes = (nuint)ChannelRegistry.BytesFor((uint)cores, SimulatedPrograms.EndsMax);
        _records = NativeMemory.AlignedAlloc(bytes, 64);
        NativeMemory.Fill(_records, bytes, 0xCC);
        Multikernel.Coordinator.Channels.Begin((ulong)_records, (uint)cores, SimulatedPrograms.EndsMax);
    }

    /// <summary>The machine.</summary>
    public SimulatedMultikernel Multikernel { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Multikernel.Dispose();
        NativeMemory.AlignedFree(_records);
    }

    /// <summary>Draws a small machine: how many cores, and how many members die.</summary>
    public static (int Cores, int Kills) Draw(Random random)
    {
        int cores = random.Next(2, 6);
        return (cores, random.Next(3) == 0 ? 0 : random.Next(1, 5));
    }
}
