using Atoll.Abi;
using Atoll.RingSampler.Contenders;

namespace Atoll.Bench.Tests.RingSampler;

/// <summary>Every contender passes messages unharmed and in order between two threads, through many laps of a small queue.</summary>
public sealed class ContenderTests
{
    private const uint SlotCount = 16;
    private const ulong MessageCount = 200 * SlotCount;

    [Fact]
    public void Kernel_PassesMessages() => PassMessages(ContenderCatalog.Kernel(SlotCount));

    [Fact]
    public void Wide_PassesMessages()
    {
        // Without AVX there is no wide form, and the catalogue must not offer it.
        Assert.Equal(WideRingSender.IsSupported, ContenderCatalog.All.ContainsKey("wide"));
        if (WideRingSender.IsSupported)
        {
            PassMessages(ContenderCatalog.Wide(SlotCount));
        }
    }

    [Fact]
    public void Lamport_PassesMessages() => PassMessages(ContenderCatalog.Lamport(SlotCount));

    [Fact]
    public void Channel_PassesMessages() => PassMessages(ContenderCatalog.BoundedChannel(SlotCount));

    [Fact]
    public void WrittenMessage_SumsToWhatItsNumberSays()
    {
        MessageContent.Write(out RingMessage message, 1000);

        Assert.Equal(1000UL + 1001 + 1002 + 1003 + 1004 + 1005 + 1006, MessageContent.Sum(in message));
        Assert.Equal(MessageContent.Sum(in message), MessageContent.SumOf(1000));
    }

    private static void PassMessages<TSender, TReceiver>(Queue<TSender, TReceiver> queue)
        where TSender : struct, IMessageSender
        where TReceiver : struct, IMessageReceiver
    {
        using (queue)
        {
            var producer = new Thread(() => Send(queue.Sender)) { IsBackground = true };
            producer.Start();
            TReceiver receiver = queue.Receiver;
            for (ulong number = 0; number < MessageCount; number++)
            {
                RingMessage message;
                while (!receiver.TryReceive(out message))
                {
                    Thread.Yield();
                }

                Assert.Equal(Words(number), Words(in message));
            }

            Assert.False(receiver.TryReceive(out _));
            producer.Join();
        }
    }

    private static void Send<TSender>(TSender sender)
        where TSender : struct, IMessageSender
    {
        for (ulong number = 0; number < MessageCount; number++)
        {
            ulong[] words = Words(number);
            var message = new RingMessage
            {
                Payload = new RingPayload
                {
                    Word0 = words[0],
                    Word1 = words[1],
                    Word2 = words[2],
                    Word3 = words[3],
                    Word4 = words[4],
                    Word5 = words[5],
                    Word6 = words[6],
                },
                Meta = (uint)words[7],
            };
            while (!sender.TrySend(in message))
            {
                Thread.Yield();
            }
        }
    }

    // Eight unlike words for each message, so that a lost, swapped or stale one is seen.
    private static ulong[] Words(ulong number) =>
        [number, ~number, number * 3, number << 20, number ^ 0x5555, number + 77, 0x8000_0000_0000_0000 | number, (uint)(number * 2654435761)];

    private static ulong[] Words(ref readonly RingMessage message) =>
    [
        message.Payload.Word0, message.Payload.Word1, message.Payload.Word2, message.Payload.Word3,
        message.Payload.Word4, message.Payload.Word5, message.Payload.Word6, message.Meta,
    ];
}
