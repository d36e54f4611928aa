using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Suite;

/// <summary>Workers that never wait.</summary>
internal static class Busy
{
    private const uint ExhaustMax = 200;

    internal static void Spin(uint number)
    {
        while (true)
        {
            Board.CountUp(number);
        }
    }

    internal static void Storm(uint number)
    {
        while (true)
        {
            _ = Ipc.Nothing();
            Ipc.Yield();
            _ = Ask.Kind(RootSlot.CNode);
            Board.CountUp(number);
        }
    }

    internal static void Flood(uint number, uint endpoint)
    {
        while (true)
        {
            Message message = Message.Of(label: 1, words: 1, number);
            _ = Ipc.Send(endpoint, ref message);
            Board.CountUp(number);
        }
    }

    internal static void Yield(uint number, uint times)
    {
        for (uint time = 0; time < times; time++)
        {
            Board.Log(number);
            Ipc.Yield();
        }

        Board.CountUp(number);
    }

    /// <summary>Makes endpoints until it is refused: the result, and how many it has made.</summary>
    internal static void Exhaust(uint number, uint untyped, uint node)
    {
        SystemResult result = SystemResult.Ok;
        for (uint index = 0; index < ExhaustMax && result == SystemResult.Ok; index++)
        {
            result = new UntypedMemory(untyped).Retype(CapabilityType.Endpoint, new CNodeTable(node), index);
            Board.Set(number, Board.Second, index);
        }

        Worker.Done(number, result);
    }
}
