using Brickwork.Kernels.Hashing;

namespace Brickwork.Kernels.Tests;

public sealed class XxHash64Tests
{
    // From the library of its author, for the bytes 7·i mod 256.
    [Theory]
    [InlineData(0, 0xef46db3751d8e999)]
    [InlineData(1, 0xe934a84adb052768)]
    [InlineData(3, 0x9ff70a635a6209ab)]
    [InlineData(4, 0xae5acdc00a55ac41)]
    [InlineData(7, 0xd734a6b26f3da63e)]
    [InlineData(8, 0x87116b3365b924eb)]
    [InlineData(13, 0x92e7ac00fd9ce667)]
    [InlineData(31, 0x0f187c62b1e722b7)]
    [InlineData(32, 0x91b0cb0931a8c629)]
    [InlineData(33, 0x931b043cf8d65b94)]
    [InlineData(63, 0x219110bf13e2fa26)]
    [InlineData(64, 0xbf3052e3445775d0)]
    [InlineData(100, 0x8e2272c08247d5db)]
    [InlineData(1000, 0x25275608a9cfc168)]
    public void Hashes_are_those_of_the_published_algorithm(int length, ulong expected) =>
        XxHash64.Of([.. Enumerable.Range(0, length).Select(index => (byte)(7 * index))]).ShouldBe(expected, $"{length} bytes");

    [Fact]
    public void Every_bit_counts()
    {
        var bytes = new byte[77];
        var found = new HashSet<ulong> { XxHash64.Of(bytes) };
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << bit % 8);
            found.Add(XxHash64.Of(bytes)).ShouldBeTrue($"bit {bit}");
            bytes[bit / 8] = 0;
        }
    }
}
