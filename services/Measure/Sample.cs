using System;
using System.Runtime.CompilerServices;
using Atoll.Services.Lib;

namespace Atoll.Services.Measure;

/// <summary>Guest instructions of an operation, measured one by one: their mean and the most, less what reading the counter costs.</summary>
public struct Sample
{
    private ulong _began;
    private ulong _empty;
    private ulong _sum;
    private ulong _most;
    private uint _count;

    /// <summary>Begins with an operation that does nothing, which from then on counts as nothing.</summary>
    public static Sample Start()
    {
        Sample sample = default;
        sample.Begin();
        sample.End();
        return new Sample { _empty = sample._sum };
    }

    /// <summary>An operation begins.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Begin() => _began = Ipc.Now();

    /// <summary>It has ended.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void End()
    {
        ulong took = Ipc.Now() - _began - _empty;
        _sum += took;
        _count++;
        if (took > _most)
        {
            _most = took;
        }
    }

    /// <summary>Says what came out.</summary>
    public readonly void Tell(ReadOnlySpan<byte> name)
    {
        uint count = _count;
        Report.Instructions(name, count == 0 ? 0 : _sum * 100 / count, _most, count);
    }
}
