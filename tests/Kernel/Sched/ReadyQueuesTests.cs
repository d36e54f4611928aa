using Atoll.Kernel.Tests.Machine;
using Atoll.Kernel.Tests.Syscall.Model;
using Atoll.Sched;

namespace Atoll.Kernel.Tests.Sched;

/// <summary>Who goes first: the highest priority, and in it who came first.</summary>
public sealed class ReadyQueuesTests : IDisposable
{
    private readonly KernelWorld _world = new(CallPath.Fast);

    public void Dispose() => _world.Dispose();

    [Fact]
    public void HighestGoesFirst_AndInAPriorityWhoCameFirst()
    {
        ReadyQueues queues = default;
        Program[] programs = [.. new byte[] { 0, 255, 64, 63, 64, 255, 128 }.Select((priority, index) => Prepare($"{index}", priority))];
        foreach (Program program in programs)
        {
            queues.AddLast(program.Thread);
        }

        Assert.Equal(255, queues.Highest);
        foreach (int expected in new[] { 1, 5, 6, 2, 4, 3, 0 })
        {
            Assert.Equal(programs[expected].Record.Priority, queues.Highest);
            Assert.True(queues.TakeHighest().Is(programs[expected].Thread));
        }

        Assert.Equal(ReadyQueues.None, queues.Highest);
        Assert.True(queues.TakeHighest().IsNull);
    }

    [Fact]
    public void WhoWasInterrupted_GoesBeforeTheOthers()
    {
        ReadyQueues queues = default;
        Program one = Prepare("one", 9), two = Prepare("two", 9), three = Prepare("three", 9);
        queues.AddLast(one.Thread);
        queues.AddLast(two.Thread);
        queues.AddFirst(three.Thread);
        Assert.True(queues.TakeHighest().Is(three.Thread));
        Assert.True(queues.TakeHighest().Is(one.Thread));
    }

    /// <summary>Against a sorted list, with every change.</summary>
    [Fact]
    public void AnySequence_IsThatOfASortedList() => Seeds.ForEach(20, random =>
    {
        _world.Reset();
        ReadyQueues queues = default;
        Program[] programs = [.. Enumerable.Range(0, 12).Select(index =>
            Prepare($"{index}", (byte)random.Next(random.Next(2) == 0 ? 256 : 3)))];
        List<Program> expected = [];
        for (int step = 0; step < 500; step++)
        {
            Program program = programs[random.Next(programs.Length)];
            if (expected.Remove(program))
            {
                queues.Remove(program.Thread);
            }
            else if (random.Next(4) == 0)
            {
                queues.AddFirst(program.Thread);
                expected.Insert(0, program);
            }
            else
            {
                queues.AddLast(program.Thread);
                expected.Add(program);
            }

            Program? first = expected.OrderByDescending(other => other.Record.Priority).FirstOrDefault();
            Assert.Equal(first?.Record.Priority ?? ReadyQueues.None, queues.Highest);
            if (first is not null && random.Next(3) == 0)
            {
                Assert.True(queues.TakeHighest().Is(first.Thread));
                expected.Remove(first);
            }
        }
    });

    // A thread in no queue.
    private Program Prepare(string name, byte priority)
    {
        Program program = _world.Spawn(name, priority, isPassive: true);
        return program;
    }
}
