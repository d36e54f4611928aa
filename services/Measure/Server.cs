using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Measure;

/// <summary>The other end of what is measured: a thread of its own, in this address space or in another.</summary>
public static class Server
{
    /// <summary>Answers every call.</summary>
    /// <param name="endpoint">Endpoint that it serves.</param>
    /// <param name="reply">Its reply capability.</param>
    public static void Answer(ulong endpoint, ulong reply)
    {
        ReceivedMessage message = default;
        MessageHeader answer = MessageHeader.Of(label: 0, words: 2);
        while (true)
        {
            _ = Ipc.ReplyReceiveShort(endpoint, answer, message.Word0, message.Word1, reply, ref message);
        }
    }
}
