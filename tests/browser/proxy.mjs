// A proxy that holds streams up, as some between a hotel and its server do: what is to come piece
// by piece it keeps until there is no more; all else passes at once.
import http from 'node:http';

export async function startHoldingProxy(port) {
  const proxy = http.createServer((asked, answered) => {
    const { method, url: path, headers } = asked;
    const passed = http.request({ port, method, path, headers }, (answer) => {
      if (/^text\/event-stream/.test(answer.headers['content-type'] ?? '')) {
        answer.resume();
        return;
      }
      answered.writeHead(answer.statusCode, answer.headers);
      answer.pipe(answered);
    });
    passed.on('error', () => answered.destroy());
    answered.on('close', () => passed.destroy());
    asked.pipe(passed);
  });
  await new Promise((listening) => proxy.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${proxy.address().port}`,
    end: () => {
      proxy.closeAllConnections();
      return new Promise((ended) => proxy.close(ended));
    },
  };
}
