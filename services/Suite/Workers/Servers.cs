using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Suite;

/// <summary>Workers that others call.</summary>
internal static class Servers
{
    /// <summary>Answers with the first word plus one, and the caller's badge.</summary>
    internal static void Echo(uint number, uint endpoint, uint reply)
    {
        SystemResult result = Ipc.Receive(endpoint, reply, out Message message);
        while (result == SystemResult.Ok)
        {
            Board.CountUp(number);
            message = Message.Of(label: 0, words: 2, message.Word0 + 1, message.Badge);
            result = Ipc.ReplyReceive(endpoint, reply, ref message);
        }

        Board.Set(number, Board.Result, (ulong)result);
    }

    /// <summary>Answers with every word plus one, those in the buffer included.</summary>
    internal static void EchoAll(uint number, uint endpoint, uint reply)
    {
        SystemResult result = Ipc.Receive(endpoint, reply, out Message message);
        while (result == SystemResult.Ok)
        {
            Board.CountUp(number);
            uint words = message.Header.Words;
            Board.Set(number, Board.Header, message.Header.Raw);
            for (uint word = MessageHeader.RegisterWords; word < words; word++)
            {
                ulong address = Worker.BufferOf(number) + (word * sizeof(ulong));
                UserMemory.Write(address, UserMemory.Read(address) + 1);
            }

            message = Message.Of(label: 0, words, message.Word0 + 1, message.Word1 + 1, message.Word2 + 1, message.Word3 + 1);
            result = Ipc.ReplyReceive(endpoint, reply, ref message);
        }
    }

    internal static void AnswerTwice(uint number, uint endpoint, uint reply)
    {
        _ = Ipc.Receive(endpoint, reply, out _);
        Message answer = Message.Of(label: 0, words: 1, word0: 1);
        Board.Set(number, Board.Result, (ulong)Ipc.Send(reply, ref answer));
        answer = Message.Of(label: 0, words: 1, word0: 2);
        Board.Set(number, Board.Second, (ulong)Ipc.Send(reply, ref answer));
        Board.CountUp(number);
    }

    internal static void Keep(uint number, uint endpoint, uint reply)
    {
        SystemResult result = Ipc.Receive(endpoint, reply, out Message message);
        Worker.Note(number, result, in message);

        // The caller waits for an answer; this waits for nothing.
        _ = Ipc.Receive(Board.Quiet, 0, out _);
    }
}
