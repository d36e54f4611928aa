using Atoll.Kernel.Tests.Machine;
using Atoll.Kernel.Tests.Syscall.Model;
using Atoll.Sched;

namespace Atoll.Kernel.Tests.Sched;

/// <summary>A leftist heap (Knuth, The Art of Computer Programming, Vol. 3, "Priority queues"), against a sorted list.</summary>
public sealed class DeadlineHeapTests : IDisposable
{
    private const int Threads = 40;
    private readonly KernelWorld _world = new(CallPath.Fast);

    public void Dispose() => _world.Dispose();

    [Fact]
    public void EarliestIsFirst_WhateverCameAndWent() => Seeds.ForEach(30, random =>
    {
        _world.Reset();
        DeadlineHeap heap = default;
        Program[] programs = [.. Enumerable.Range(0, Threads).Select(index => _world.Spawn($"{index}", 1, isPassive: true))];
        HashSet<Program> waiting = [];
        for (int step = 0; step < 800; step++)
        {
            Program program = programs[random.Next(Threads)];
            if (waiting.Remove(program))
            {
                heap.Remove(program.Thread);
            }
            else
            {
                program.Record.Deadline = random.Next(10) == 0 ? ulong.MaxValue - 1 : (ulong)random.Next(60);
                heap.Add(program.Thread);
                waiting.Add(program);
            }

            Assert.Equal(waiting.Count == 0, heap.IsEmpty);
            Assert.Equal(waiting.Select(other => other.Record.Deadline).Append(ulong.MaxValue).Min(), heap.Earliest);
            Assert.True(LengthOfTheRightSpine(heap) <= Math.Log2(waiting.Count + 1) + 1e-9);
        }
    });

    private static int LengthOfTheRightSpine(in DeadlineHeap heap)
    {
        int length = 0;
        for (var at = heap.First; !at.IsNull; at = at.Value.DeadlineRight)
        {
            length++;
        }

        return length;
    }
}
