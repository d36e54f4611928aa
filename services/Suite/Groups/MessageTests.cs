using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Suite;

/// <summary>Group <c>message</c>: messages of all lengths, and capabilities that travel with them.</summary>
internal static class MessageTests
{
    internal const uint Count = 10;

    private const ulong Marker = 0xAAAA_5555_AAAA_5555;
    private const uint WordSize = 8;
    private const ulong CapabilitiesOffset = 960;
    private const ulong NodeOffset = 984;
    private const ulong IndexOffset = 992;

    internal static void Run(uint number, ref Test test)
    {
        switch (number)
        {
            case 0: Lengths(ref test); break;
            case 1: NoMoreThanSaid(ref test); break;
            case 2: WithoutBuffer(ref test); break;
            case 3: GrantsOne(ref test); break;
            case 4: GrantsThree(ref test); break;
            case 5: GrantsNothingWithoutRight(ref test); break;
            case 6: GrantsIntoTheOccupied(ref test); break;
            case 7: GrantsTheMissing(ref test); break;
            case 8: GrantIsDerived(ref test); break;
            case 9: OwnPart(ref test); break;
        }
    }

    private static void Lengths(ref Test test)
    {
        test.Is("lengths"u8, "a message of each length from 0 to 120 words comes to a server and back, word for word"u8);
        uint endpoint = test.Make(CapabilityType.Endpoint);
        _ = Worker.Start(ref test, 0, Role.EchoAll, endpoint, test.Make(CapabilityType.Reply));
        for (uint words = 0; words <= MessageHeader.WordsMax; words++)
        {
            for (uint word = 0; word < MessageHeader.WordsMax; word++)
            {
                UserMemory.Write(BufferWord(word), (words << 8) + word);
            }

            Message message = Message.Of(1, words, words << 8, (words << 8) + 1, (words << 8) + 2, (words << 8) + 3);
            test.Ok(test.Call(endpoint, ref message));
            test.Same(words, message.Header.Words);
            test.Same((words << 8) + 1, message.Word0);
            test.Same((words << 8) + 4, message.Word3);
            test.Same(0, WrongWords(words));
        }

        test.Same(MessageHeader.WordsMax + 1, Board.Get(0, Board.Count));
    }

    // Words of the buffer that are not one more than was sent, or, behind the end, not as they were.
    private static ulong WrongWords(uint words)
    {
        ulong wrong = 0;
        for (uint word = MessageHeader.RegisterWords; word < MessageHeader.WordsMax; word++)
        {
            ulong expected = (words << 8) + word + (word < words ? 1u : 0);
            wrong += UserMemory.Read(BufferWord(word)) == expected ? 0UL : 1;
        }

        return wrong;
    }

    private static void NoMoreThanSaid(ref Test test)
    {
        test.Is("no-more-than-said"u8, "a receiver's buffer gets the words of the message and keeps all others"u8);
        uint endpoint = test.Make(CapabilityType.Endpoint);
        for (uint word = 0; word < MessageHeader.WordsMax; word++)
        {
            UserMemory.Write(Worker.BufferOf(0) + (word * WordSize), Marker);
            UserMemory.Write(BufferWord(word), word);
        }

        _ = Worker.Start(ref test, 0, Role.Receive, endpoint);
        Message message = Message.Of(1, 10);
        test.Ok(Ipc.Send(endpoint, ref message));
        test.Same(9, UserMemory.Read(Worker.BufferOf(0) + (9 * WordSize)));
        for (ulong word = 10; word < MessageHeader.WordsMax; word++)
        {
            test.Same(Marker, UserMemory.Read(Worker.BufferOf(0) + (word * WordSize)));
        }
    }

    private static void WithoutBuffer(ref Test test)
    {
        test.Is("without-buffer"u8, "a receiver without a buffer gets the four words in registers, and is told so"u8);
        uint endpoint = test.Make(CapabilityType.Endpoint);
        uint thread = Worker.Make(ref test, 0);
        test.Ok(new ThreadControl(thread).Configure(RootSlot.CNode, RootSlot.VSpace, 0, 0));
        Worker.Go(ref test, thread, 0, Role.Receive, endpoint);
        Message message = Message.Of(1, 50, 1, 2, 3, 4);
        test.Ok(Ipc.Send(endpoint, ref message));
        test.Same(MessageHeader.Of(1, 4).Raw, Board.Get(0, Board.Header));
        test.Same(4, Board.Get(0, Board.Word0 + 3));
    }

    private static void GrantsOne(ref Test test)
    {
        test.Is("grants-one"u8, "a capability travels with a message into the slot that the receiver has named, badge and all"u8);
        uint endpoint = test.Make(CapabilityType.Endpoint);
        uint given = test.Mint(test.Make(CapabilityType.Endpoint), CapabilityRights.Write, 44);
        uint into = test.Take();
        Await(ref test, endpoint, into);
        Give(given, 0, 0);
        test.Ok(Send(endpoint, 1));
        test.Same(1, new MessageHeader(Board.Get(0, Board.Header)).Capabilities);
        test.Same((ulong)CapabilityType.Endpoint | ((ulong)CapabilityRights.Write << 8), Ask.Kind(into));
        test.Same(44, Ask.Detail(into));
    }

    private static void GrantsThree(ref Test test)
    {
        test.Is("grants-three"u8, "three capabilities travel at once, into consecutive slots"u8);
        uint endpoint = test.Make(CapabilityType.Endpoint);
        uint one = test.Make(CapabilityType.Notification);
        uint two = test.Make(CapabilityType.Reply);
        uint three = test.Make(CapabilityType.Frame, ObjectSize.FrameBits);
        uint into = test.Take(3);
        Await(ref test, endpoint, into);
        Give(one, two, three);
        test.Ok(Send(endpoint, 3));
        test.Same(3, new MessageHeader(Board.Get(0, Board.Header)).Capabilities);
        test.Same((ulong)CapabilityType.Notification, (ulong)Ask.TypeOf(into));
        test.Same((ulong)CapabilityType.Reply, (ulong)Ask.TypeOf(into + 1));
        test.Same((ulong)CapabilityType.Frame, (ulong)Ask.TypeOf(into + 2));
    }

    private static void GrantsNothingWithoutRight(ref Test test)
    {
        test.Is("grants-nothing-without-right"u8, "without the right to grant the message arrives and the capability does not"u8);
        uint endpoint = test.Make(CapabilityType.Endpoint);
        uint into = test.Take();
        Await(ref test, endpoint, into);
        Give(test.Make(CapabilityType.Notification), 0, 0);
        test.Ok(Send(test.Mint(endpoint, CapabilityRights.Write | CapabilityRights.GrantReply, 0), 1));
        test.Same(1, Board.Get(0, Board.Count));
        test.Same(0, new MessageHeader(Board.Get(0, Board.Header)).Capabilities);
        test.Same((ulong)CapabilityType.Null, (ulong)Ask.TypeOf(into));
    }

    private static void GrantsIntoTheOccupied(ref Test test)
    {
        test.Is("grants-into-the-occupied"u8, "a capability that finds its slot in use does not arrive, and overwrites nothing"u8);
        uint endpoint = test.Make(CapabilityType.Endpoint);
        uint into = test.Make(CapabilityType.Reply);
        Await(ref test, endpoint, into);
        Give(test.Make(CapabilityType.Notification), 0, 0);
        test.Ok(Send(endpoint, 1));
        test.Same(0, new MessageHeader(Board.Get(0, Board.Header)).Capabilities);
        test.Same((ulong)CapabilityType.Reply, (ulong)Ask.TypeOf(into));
    }

    private static void GrantsTheMissing(ref Test test)
    {
        test.Is("grants-the-missing"u8, "the first capability that is missing ends the grant, and the message says how many came"u8);
        uint endpoint = test.Make(CapabilityType.Endpoint);
        uint empty = test.Take();
        uint into = test.Take(3);
        Await(ref test, endpoint, into);
        Give(test.Make(CapabilityType.Notification), empty, test.Make(CapabilityType.Reply));
        test.Ok(Send(endpoint, 3));
        test.Same(1, new MessageHeader(Board.Get(0, Board.Header)).Capabilities);
        test.Same((ulong)CapabilityType.Notification, (ulong)Ask.TypeOf(into));
        test.Same((ulong)CapabilityType.Null, (ulong)Ask.TypeOf(into + 2));
    }

    private static void GrantIsDerived(ref Test test)
    {
        test.Is("grant-is-derived"u8, "who gave a capability away can revoke it"u8);
        uint endpoint = test.Make(CapabilityType.Endpoint);
        uint given = test.Make(CapabilityType.Notification);
        uint into = test.Take();
        Await(ref test, endpoint, into);
        Give(given, 0, 0);
        test.Ok(Send(endpoint, 1));
        test.Same((ulong)CapabilityType.Notification, (ulong)Ask.TypeOf(into));
        test.Ok(Setting.Root.Revoke(given));
        test.Same((ulong)CapabilityType.Null, (ulong)Ask.TypeOf(into));
    }

    private static void OwnPart(ref Test test)
    {
        test.Is("own-part"u8, "the end of a buffer, which is the program's own, is left alone"u8);
        uint endpoint = test.Make(CapabilityType.Endpoint);
        ulong own = Worker.BufferOf(0) + MessageBuffer.OwnOffset;
        UserMemory.Write(own, Marker);
        UserMemory.Write(own + (2 * WordSize), Marker);
        _ = Worker.Start(ref test, 0, Role.Receive, endpoint);
        Message message = Message.Of(1, MessageHeader.WordsMax);
        test.Ok(Ipc.Send(endpoint, ref message));
        test.Same(Marker, UserMemory.Read(own));
        test.Same(Marker, UserMemory.Read(own + (2 * WordSize)));
    }

    private static ulong BufferWord(uint word) => BootInformation.BufferAddress + (word * WordSize);

    // Worker 0 receives, and names the slots for what is granted.
    private static void Await(ref Test test, uint endpoint, uint into)
    {
        UserMemory.Write(Worker.BufferOf(0) + NodeOffset, RootSlot.CNode);
        UserMemory.Write(Worker.BufferOf(0) + IndexOffset, into);
        _ = Worker.Start(ref test, 0, Role.Receive, endpoint);
    }

    private static void Give(uint one, uint two, uint three)
    {
        UserMemory.Write(BootInformation.BufferAddress + CapabilitiesOffset, one);
        UserMemory.Write(BootInformation.BufferAddress + CapabilitiesOffset + WordSize, two);
        UserMemory.Write(BootInformation.BufferAddress + CapabilitiesOffset + (2 * WordSize), three);
    }

    private static SystemResult Send(uint endpoint, uint capabilities)
    {
        Message message = default;
        message.Header = MessageHeader.Of(1, 1, capabilities);
        return Ipc.Send(endpoint, ref message);
    }
}
